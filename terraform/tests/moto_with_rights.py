"""moto's server, with two things mended that its IAM checks lack.

usage: moto_with_rights.py -H HOST -p PORT
"""

from moto.iam.access_control import IAMRequestBase
from moto.server import main
from moto.sns.responses import SNSResponse

# It cannot verify the signature of a body that is sent in signed chunks, as the SDK for .NET does without TLS. Who asks is still
# told by the access key, and what that role may do is still checked.
IAMRequestBase.check_signature = lambda self: None

# It asks whether one may publish to "*"; the question is whether one may publish to this topic.
SNSResponse._determine_resource = lambda self: self._get_param("TopicArn") or "*"

main()
