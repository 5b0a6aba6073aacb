"""The moto server with corrections of what it lacks for this deployment, and a record of the actions that Terraform calls.

usage: ETL_ACTIONS=FILE moto_with_rights.py -H HOST -p PORT
"""

import json
import os
import uuid

from moto.awslambda.models import LambdaFunction
from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionAuthenticatorMixin
from moto.iam.access_control import IAMRequestBase, PermissionResult
from moto.rds.models import DBInstance
from moto.s3.models import FakeBucket
from moto.server import main
from moto.sns.responses import SNSResponse

# moto cannot verify the signature of a body in signed chunks, which the AWS SDK for .NET sends without TLS. The access key
# still identifies the role, and moto still checks its permissions.
IAMRequestBase.check_signature = lambda self: None

# moto does not evaluate the condition of the bucket policies, which deny requests without TLS, and serves plain HTTP.
FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL

# moto checks the permission on "*"; SNS checks it on the topic.
SNSResponse._determine_resource = lambda self: self._get_param("TopicArn") or "*"


def describe_subscribers_for_notification(self):
    """moto stores the subscribers of a budget and has no action that reads them."""
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    kind = self._get_param("Notification")["NotificationType"]
    subscribers = [n.subscribers for n in budget.notifications if n.details["NotificationType"] == kind]
    return json.dumps({"Subscribers": subscribers[0] if subscribers else []})


# moto stores no tags of a budget either, so that each apply sets them again.
BudgetsResponse.tag_resource = BudgetsResponse.update_budget = lambda self: "{}"
BudgetsResponse.list_tags_for_resource = lambda self: json.dumps({"ResourceTags": []})
BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification


create_instance = DBInstance.__init__


def create_instance_with_its_own_id(self, *args, **kwargs):
    """moto gives all instances one id, by which Terraform looks for them."""
    create_instance(self, *args, **kwargs)
    self.dbi_resource_id = "db-" + uuid.uuid4().hex[:26].upper()


DBInstance.__init__ = create_instance_with_its_own_id

update_code = LambdaFunction.update_function_code


def update_code_of_this_version(self, spec):
    """moto changes the image of the published versions, too."""
    self.code = dict(self.code)
    return update_code(self, spec)


LambdaFunction.update_function_code = update_code_of_this_version


authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action


def record_and_authorize(self, request_class, resource="*"):
    if "Terraform" in self.headers.get("User-Agent", ""):
        service = self.headers["Authorization"].split("Credential=")[1].split("/")[3]
        action = self._get_action()
        with open(os.environ["ETL_ACTIONS"], "a") as file:
            file.write(f"{service}:{action[0] if isinstance(action, list) else action}\n")
    authorize(self, request_class, resource)


ActionAuthenticatorMixin._authenticate_and_authorize_action = record_and_authorize

main()
