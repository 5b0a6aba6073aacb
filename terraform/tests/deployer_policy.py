"""Checks that the deployer's policies allow every action that Terraform called, and not whole services.

usage: deployer_policy.py FOLDER ACTIONS...     ACTIONS: files of SERVICE:ACTION lines, as moto_with_rights.py records them
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
# A managed policy can have this many characters without spaces. The placeholders count with their longest values.
MAX_LENGTH = 6144
LONGEST = {"ACCOUNT": 12 * "1", "REGION": "ap-southeast-1", "NAME": 20 * "n"}

policies = {file.name: json.loads(file.read_text()) for file in sorted(Path(sys.argv[1]).glob("*.json"))}
statements = [s for policy in policies.values() for s in policy["Statement"]]
allowed = {a for s in statements for a in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]])}


def length(policy):
    text = json.dumps(policy, separators=(",", ":"))
    for name, value in LONGEST.items():
        text = text.replace(name, value)
    return len(text)


def permission(call):
    service, action = call.split(":")
    call = f"{SERVICES.get(service, service)}:{action}"
    return PERMISSIONS.get(call, call)


called = {line.strip() for file in sys.argv[2:] for line in Path(file).read_text().splitlines()}
needed = {p for call in called if (p := permission(call))}
missing = sorted(p for p in needed if not any(fnmatchcase(p, a) for a in allowed))
if missing:
    sys.exit(f"The deployer's policies lack {', '.join(missing)}.")
broad = sorted(a for a in allowed if "*" in a and a.split(":")[1].rstrip("*") not in ("Describe", "GetBucket"))
if broad:
    sys.exit(f"The deployer's policies allow more than Terraform calls: {', '.join(broad)}.")
unused = {a.split(":")[0] for a in allowed} - {p.split(":")[0] for p in needed} - {"secretsmanager"}
if unused:
    sys.exit(f"The deployer's policies allow services that Terraform does not call: {', '.join(sorted(unused))}.")
for file, policy in policies.items():
    if length(policy) > MAX_LENGTH:
        sys.exit(f"The deployer's policy {file} has {length(policy)} characters, more than {MAX_LENGTH}.")
sizes = ", ".join(f"{file} {length(policy)}" for file, policy in policies.items())
print(f"  {len(needed)} permissions needed, {len(allowed)} allowed; characters of at most {MAX_LENGTH}: {sizes}")
