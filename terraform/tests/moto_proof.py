"""What the role that Terraform made may do, shown on moto with its IAM checks on (moto_with_rights.py).

moto judges requests to S3 and SNS by object and topic, and all others by the resource "*": what the role may do elsewhere
is therefore asked of moto's policy engine, with the role's own documents and the resources' names.

usage: moto_proof.py prepare OUTPUTS SAMPLE ENVFILE   uploads the sample and writes the environment of a run under the role
       moto_proof.py judge OUTPUTS ENVFILE            tries what the role may and may not do
       moto_proof.py read OUTPUTS                     reads the exports and the message back
"""

import json
import os
import shlex
import sys
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.iam.access_control import IAMPolicy, PermissionResult

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
PROBE = "probe"


def client(service, **credentials):
    style = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2})
    return boto3.client(service, config=style, **credentials)


def outputs(path):
    return {name: output["value"] for name, output in json.loads(Path(path).read_text()).items()}


def place(uri):
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bucket, prefix if not prefix or prefix.endswith("/") else prefix + "/"


def checks(on):
    body = b"0" if on else b"inf"
    request = urllib.request.Request(f"{ENDPOINT}/moto-api/reset-auth", body, {"Content-Type": "text/plain"})
    urllib.request.urlopen(request).read()


def prepare(known, sample, env_file):
    s3, sqs = client("s3"), client("sqs")
    bucket, prefix = place(known["source_uri"])
    for name in {bucket, place(known["lake_uri"])[0]}:
        # Nobody may use the buckets but by TLS, which moto does not talk here: it refuses every request on that ground.
        s3.delete_bucket_policy(Bucket=name)
    for file in Path(sample).iterdir():
        s3.upload_file(str(file), bucket, prefix + file.name)
    s3.put_object(Bucket=bucket, Key="somebody-elses/orders.csv", Body=b"not for the pipeline")
    queue = sqs.create_queue(QueueName=PROBE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=known["topic"], Protocol="sqs", Endpoint=arn)

    role = client("sts").assume_role(RoleArn=known["function_role"], RoleSessionName="run")["Credentials"]
    made = client("lambda").get_function_configuration(FunctionName=known["function_name"])["Environment"]["Variables"]
    environment = {name: value for name, value in made.items() if not name.startswith("ETL__POSTGRES__")}
    environment |= {
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
        "ETL__S3__FORCEPATHSTYLE": "true",
    }
    Path(env_file).write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items()))
    checks(on=True)


def may(what, call):
    try:
        answer = call()
        print(f"  may      {what}")
        return answer
    except ClientError as fault:
        sys.exit(f"The role may not {what}: {fault.response['Error']['Code']}")


def may_not(what, call):
    try:
        call()
    except ClientError as fault:
        if fault.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            sys.exit(f"To {what} failed otherwise than by the role's rights: {fault.response['Error']['Code']}")
        print(f"  may not  {what}")
        return
    sys.exit(f"The role may {what}.")


def judge(known, env_file):
    environment = dict(line.split("=", 1) for line in shlex.split(Path(env_file).read_text()))
    role = {
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": environment["AWS_SESSION_TOKEN"],
    }
    judge_s3(client("s3", **role), *place(known["source_uri"]), *place(known["lake_uri"]))
    sns, other = client("sns", **role), known["topic"] + "-other"
    may_not("publish to another topic", lambda: sns.publish(TopicArn=other, Message="probe"))
    may_not("see who is subscribed", lambda: sns.list_subscriptions_by_topic(TopicArn=known["topic"]))
    checks(on=False)
    judge_documents(known)


def judge_s3(s3, source, incoming, lake, root):
    export = f"{root}analytics_export/probe/"
    may("read its source", lambda: s3.get_object(Bucket=source, Key=f"{incoming}orders.csv")["Body"].read())
    may("write an export once", lambda: s3.put_object(Bucket=lake, Key=f"{export}a.csv", Body=b"a", IfNoneMatch="*"))
    upload = may("begin a big export", lambda: s3.create_multipart_upload(Bucket=lake, Key=f"{export}b.csv"))["UploadId"]
    big = {"Bucket": lake, "Key": f"{export}b.csv", "UploadId": upload}
    part = may("send a part of it", lambda: s3.upload_part(**big, PartNumber=1, Body=b"b"))
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    may("complete it", lambda: s3.complete_multipart_upload(**big, MultipartUpload=parts))
    copy = {"Bucket": lake, "Key": f"{export}latest.csv", "CopySource": {"Bucket": lake, "Key": f"{export}a.csv"}}
    may("copy an export to its latest name", lambda: s3.copy_object(**copy))

    may_not("read another prefix", lambda: s3.get_object(Bucket=source, Key="somebody-elses/orders.csv"))
    may_not("write the source", lambda: s3.put_object(Bucket=source, Key=f"{incoming}orders.csv", Body=b""))
    may_not("delete a source", lambda: s3.delete_object(Bucket=source, Key=f"{incoming}orders.csv"))
    may_not("delete an export", lambda: s3.delete_object(Bucket=lake, Key=f"{export}a.csv"))
    may_not("write beside the exports", lambda: s3.put_object(Bucket=lake, Key=f"{root}else.csv", Body=b""))
    may_not("unlock a bucket", lambda: s3.delete_bucket_policy(Bucket=lake))


def judge_documents(known):
    iam = client("iam")
    role = known["function_role"].rsplit("/", 1)[-1]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies = [IAMPolicy(json.dumps(iam.get_role_policy(RoleName=role, PolicyName=n)["PolicyDocument"])) for n in names]

    def permitted(action, resource):
        answers = [policy.is_action_permitted(action, resource) for policy in policies]
        return PermissionResult.PERMITTED in answers and PermissionResult.DENIED not in answers

    account = known["topic"].split(":")[4]
    region = known["topic"].split(":")[3]
    login = f"arn:aws:rds-db:{region}:{account}:dbuser:"
    user = next(
        resource
        for name in names
        for statement in iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
        if statement["Action"] == "rds-db:connect" and (resource := statement["Resource"])
    )
    wanted = [
        (True, "publish to its topic", "sns:Publish", known["topic"]),
        (False, "publish to another topic", "sns:Publish", known["topic"] + "-other"),
        (True, "log in as its database user", "rds-db:connect", user),
        (False, "log in as the database's master", "rds-db:connect", user.rsplit("/", 1)[0] + "/etl_admin"),
        (False, "log in to another database", "rds-db:connect", f"{login}db-OTHER/{known['database']['user']}"),
        (False, "read a secret", "secretsmanager:GetSecretValue", known["database"]["master_secret"]),
        (False, "change a role", "iam:PutRolePolicy", known["function_role"]),
    ]
    for expected, what, action, resource in wanted:
        if permitted(action, resource) != expected:
            sys.exit(f"By its documents the role may {'not ' if expected else ''}{what}.")
        print(f"  {'may     ' if expected else 'may not '} {what} (by its documents)")


def read(known):
    bucket, prefix = place(known["lake_uri"])
    s3, sqs = client("s3"), client("sqs")
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=f"{prefix}analytics_export/latest/manifest.json")["Body"].read())
    queue = sqs.get_queue_url(QueueName=PROBE)["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    subjects = [json.loads(message["Body"])["Subject"] for message in messages]
    if len(subjects) != 1:
        sys.exit(f"One message was expected on the topic, there are {len(subjects)}.")
    print(f"  exports  {json.dumps(manifest)[:90]}…")
    print(f"  message  {subjects[0]}")
    sqs.delete_queue(QueueUrl=queue)


if __name__ == "__main__":
    verb, known, *rest = sys.argv[1], outputs(sys.argv[2]), *sys.argv[3:]
    {"prepare": prepare, "judge": judge, "read": read}[verb](known, *rest)
