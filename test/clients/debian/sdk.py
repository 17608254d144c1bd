"""What Debian's Python SDK of the cloud sees of a stamp: printed as one JSON object.

The addresses and credentials come in the environment, as they would for any program of an operator.
"""

import json
import os
from datetime import datetime, timezone

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import CertificateCredential, ClientSecretCredential
from azure.mgmt.commerce import UsageManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

env = os.environ
base = env["BASE_URL"]
authority = base + "/adfs/stackmeter"
scope = [base + "/.default"]
start = datetime(2018, 6, 1, tzinfo=timezone.utc)
end = datetime(2018, 6, 4, tzinfo=timezone.utc)


def by_secret(tenant, secret=env["CLIENT_SECRET"]):
    return ClientSecretCredential(tenant, env["CLIENT_ID"], secret, authority=authority)


def usage(credential, subscription, first=start, last=end):
    client = UsageManagementClient(
        credential, subscription, base_url=base, credential_scopes=scope
    )
    return client.usage_aggregates.list(first, last, aggregation_granularity="Daily")


def failure(work):
    try:
        work()
    except (ClientAuthenticationError, HttpResponseError) as error:
        inner = getattr(error, "error", None)
        # The library keeps the status of a refused sign-in to itself.
        refused = "invalid_client" if "secret is wrong" in str(error) else None
        told = inner.code if inner else refused
        return {"type": type(error).__name__, "status": error.status_code, "code": told}
    return None


credential = by_secret(env["TENANT_ID"])
subscriptions = SubscriptionClient(credential, base_url=base, credential_scopes=scope)
rows = list(usage(credential, env["SUBSCRIPTION_ID"]))
first = rows[0]
pages = [list(page) for page in usage(credential, env["SUBSCRIPTION_ID"]).by_page()]
certificate = CertificateCredential(
    env["TENANT_ID"], env["CLIENT_ID"], env["CERTIFICATE"], authority=authority
)
print(
    json.dumps(
        {
            "subscriptions": sorted(s.subscription_id for s in subscriptions.subscriptions.list()),
            "subscription": subscriptions.subscriptions.get(env["SUBSCRIPTION_ID"]).state,
            "tenants": [t.tenant_id for t in subscriptions.tenants.list()],
            "rows": len(rows),
            "pages": [len(page) for page in pages],
            "sum": sum(row.quantity for row in rows),
            "types": {
                "quantity": type(first.quantity).__name__,
                "start": first.usage_start_time.isoformat(),
                "instanceData": type(first.instance_data).__name__,
            },
            "byCertificate": bool(certificate.get_token(*scope).token),
            "wrongSecret": failure(lambda: by_secret(env["TENANT_ID"], "wrong").get_token(*scope)),
            "wrongTenant": failure(
                lambda: by_secret("00000000-0000-4000-8000-000000000000").get_token(*scope)
            ),
            "foreign": failure(lambda: list(usage(credential, env["FOREIGN_ID"]))),
            "unaligned": failure(
                lambda: list(usage(credential, env["SUBSCRIPTION_ID"], start.replace(hour=1)))
            ),
        }
    )
)
