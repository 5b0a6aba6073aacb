"""The moto server with two corrections of its IAM checks.

usage: moto_with_rights.py -H HOST -p PORT
"""

from moto.iam.access_control import IAMRequestBase
from moto.server import main
from moto.sns.responses import SNSResponse

# moto cannot verify the signature of a body in signed chunks, which the AWS SDK for .NET sends without TLS. The access key
# still identifies the role, and moto still checks its permissions.
IAMRequestBase.check_signature = lambda self: None

# moto checks the permission on "*"; SNS checks it on the topic.
SNSResponse._determine_resource = lambda self: self._get_param("TopicArn") or "*"

main()
