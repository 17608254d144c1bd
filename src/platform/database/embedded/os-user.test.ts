import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serverUser } from './os-user.ts';

it('root hands the server to another user, everybody else runs it as themselves', () => {
  const owner = { uid: 4711, gid: 4712 };
  if (process.geteuid?.() !== 0) {
    assert.equal(serverUser(), undefined);
    assert.equal(serverUser('nobody', owner), undefined);
    return;
  }
  const refused = { code: 'ConfigurationInvalid' };
  assert.notEqual(serverUser()?.uid, 0);
  assert.equal(serverUser(undefined, owner)?.uid, 4711, 'a cluster keeps its owner');
  assert.equal(serverUser('nobody', owner)?.name, 'nobody');
  assert.notEqual(serverUser(undefined, { uid: 0, gid: 0 })?.uid, 0);
  assert.throws(() => serverUser('no-such-user'), {
    ...refused,
    message: /no user 'no-such-user'/,
  });
  assert.throws(() => serverUser('root'), { ...refused, message: /does not run as root/ });
});
