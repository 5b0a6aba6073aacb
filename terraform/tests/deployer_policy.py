"""Checks that the deployer's policy allows every action that Terraform called, and not whole services.

usage: deployer_policy.py POLICY ACTIONS...     ACTIONS: files of SERVICE:ACTION lines, as moto_with_rights.py records them
"""

import json
import sys
from fnmatch import fnmatchcase
from pathlib import Path

# Where the name of a permission differs from that of the call.
SERVICES = {"monitoring": "cloudwatch"}
PERMISSIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "sts:GetCallerIdentity": None,  # needs no permission
    "iam:GetUser": None,  # the provider continues without it
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
}
# An inline policy of a role can have this many characters without spaces.
MAX_LENGTH = 10240

policy = json.loads(Path(sys.argv[1]).read_text())
allowed = {a for s in policy["Statement"] for a in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]])}


def permission(call):
    service, action = call.split(":")
    call = f"{SERVICES.get(service, service)}:{action}"
    return PERMISSIONS.get(call, call)


called = {line.strip() for file in sys.argv[2:] for line in Path(file).read_text().splitlines()}
needed = {p for call in called if (p := permission(call))}
missing = sorted(p for p in needed if not any(fnmatchcase(p, a) for a in allowed))
if missing:
    sys.exit(f"The deployer's policy lacks {', '.join(missing)}.")
broad = sorted(a for a in allowed if "*" in a and a.split(":")[1].rstrip("*") not in ("Describe", "GetBucket"))
if broad:
    sys.exit(f"The deployer's policy allows more than Terraform calls: {', '.join(broad)}.")
unused = {a.split(":")[0] for a in allowed} - {p.split(":")[0] for p in needed} - {"secretsmanager"}
if unused:
    sys.exit(f"The deployer's policy allows services that Terraform does not call: {', '.join(sorted(unused))}.")
if (length := len(json.dumps(policy, separators=(",", ":")))) > MAX_LENGTH:
    sys.exit(f"The deployer's policy has {length} characters.")
print(f"  {len(needed)} permissions needed, {len(allowed)} allowed, {length} characters")
