import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../support/database.ts';
import type { Told } from './registration-process.ts';
import { withClient } from './with-client.ts';

interface Registration {
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly etag: string;
  readonly cloudId: string;
  readonly billingModel: string;
  readonly objectId: string;
}

interface Customer {
  readonly name: string;
  readonly type: string;
  readonly tenantId: string;
}

describe('registrations and customer subscriptions', () => {
  const test = withTestDatabase();
  describe('through @azure/arm-azurestack', () => {
    const ran = withClient<Told>(
      test,
      'registration-process.ts',
      (server, { placeholders, clients }) => ({
        baseUrl: server.baseUrl,
        tenantId: server.stamp.homeTenantId,
        partner: clients['partner']!,
        baseSubscription: placeholders['baseSubscription']!,
        customerSubscription: placeholders['customerSubscription']!,
        secondCustomerSubscription: placeholders['secondCustomerSubscription']!,
        foreignCustomerSubscription: placeholders['foreignCustomerSubscription']!,
        customerDirectory: placeholders['customerDirectory']!,
        secondCustomerDirectory: placeholders['secondCustomerDirectory']!,
        registrationToken: placeholders['firstToken']!,
        otherToken: placeholders['secondToken']!,
      }),
    );
    const value = (step: string): unknown => ran.results.value(step);
    const registration = (step: string): Registration => value(step) as Registration;
    const customer = (step: string): Customer => value(step) as Customer;
    const refused = (step: string, status: number, code: string): void => {
      const error = ran.results.error(step);
      assert.deepEqual([error.statusCode, error.code], [status, code], `${step}: ${error.message}`);
    };

    it('a stamp is registered, read, listed, updated', () => {
      refused('missing', 404, 'RegistrationNotFound');
      const created = registration('created');
      assert.equal(created.name, 'through-the-client');
      assert.equal(created.type, 'Microsoft.AzureStack/registrations');
      assert.equal(created.location, 'global');
      assert.equal(created.billingModel, 'PayAsYouUse');
      assert.match(created.cloudId, /^[0-9a-f-]{36}$/);
      assert.match(created.objectId, /^[0-9a-f-]{36}$/);
      assert.equal(value('again'), 200);
      const got = registration('got');
      assert.equal(got.objectId, created.objectId);
      assert.equal(registration('updated').objectId, created.objectId);
      assert.deepEqual(
        (value('listed') as Registration[]).map(({ name }) => name),
        ['through-the-client'],
      );
    });

    it('a name is kept for its stamp', () => {
      refused('otherStamp', 409, 'CloudIdUpdateNotAllowed');
    });

    it('the activation key is given out', () => {
      const { activationKey } = value('key') as { activationKey: string };
      assert.equal(activationKey.split('.').length, 3);
    });

    it('the operations of the namespace are listed', () => {
      const names = (value('operations') as { name: string }[]).map(({ name }) => name);
      assert.ok(names.includes('Microsoft.AzureStack/registrations/write'), names.join());
    });

    it('directories are mapped, each time with 200, read and listed', () => {
      const { customerSubscription, customerDirectory, secondCustomerSubscription } = ran.told;
      assert.deepEqual((value('noCustomers') as Customer[]).length, 0);
      for (const step of ['mapped', 'mappedAgain', 'mappedBare', 'customer']) {
        const { name, tenantId } = customer(step);
        assert.deepEqual([name, tenantId], [customerSubscription, customerDirectory], step);
      }
      assert.equal(customer('mappedSecond').name, secondCustomerSubscription);
      assert.deepEqual(
        (value('customers') as Customer[]).map(({ name }) => name).toSorted(),
        [customerSubscription, secondCustomerSubscription].toSorted(),
      );
      refused('foreign', 403, 'BadCustomerSubscriptionId');
    });

    it('and all of it is removed', () => {
      assert.deepEqual([value('unmapped'), value('unmappedAgain')], [200, 204]);
      refused('customerGone', 404, 'CustomerSubscriptionNotFound');
      assert.deepEqual([value('removed'), value('removedAgain')], [200, 204]);
      refused('gone', 404, 'RegistrationNotFound');
    });
  });
});
