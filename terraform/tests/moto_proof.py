"""Verifies the permissions of the function's role on moto with IAM checks (moto_with_rights.py).

moto evaluates requests to S3 and SNS with the object and topic as resource, and all others with the resource "*". The other
permissions are therefore evaluated by moto's policy engine, with the documents of the role and the names of the resources.

usage: moto_proof.py prepare OUTPUTS SAMPLE ENVFILE OWN
                                                      upload sample and extensions, write the environment of a run under the role
       moto_proof.py rights OUTPUTS ENVFILE           check what the role can and cannot do
       moto_proof.py read OUTPUTS                     read the exports and the message
       moto_proof.py catalog OUTPUTS                  compare the tables of the catalog with the exports
       moto_proof.py network                          create a network and a bucket, print them as variables of existing-network
       moto_proof.py protected CLUSTER BUCKET         check that neither is deleted with its data
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


def prepare(known, sample, env_file, own):
    s3, sqs = client("s3"), client("sqs")
    bucket, prefix = place(known["source_uri"])
    for file in Path(sample).iterdir():
        s3.upload_file(str(file), bucket, prefix + file.name)
    s3.put_object(Bucket=bucket, Key="other-prefix/orders.csv", Body=b"other data")
    queue = sqs.create_queue(QueueName=PROBE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=known["topic"], Protocol="sqs", Endpoint=arn)

    made = client("lambda").get_function_configuration(FunctionName=known["function_name"])["Environment"]["Variables"]
    code, folder = place(made["ETL__EXTENSIONS__DIRECTORY"])
    s3.create_bucket(Bucket=code, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for file in Path(own).glob("*/*"):
        s3.upload_file(str(file), code, folder + str(file.relative_to(own)))
    s3.put_object(Bucket=code, Key="etl/other/secret.json", Body=b"other data")

    role = client("sts").assume_role(RoleArn=known["function_role"], RoleSessionName="run")["Credentials"]
    environment = {name: value for name, value in made.items() if not name.startswith("ETL__POSTGRES__")}
    environment |= {
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
        "ETL__S3__FORCEPATHSTYLE": "true",
    }
    Path(env_file).write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items()))
    checks(on=True)


def allowed(what, call):
    try:
        answer = call()
        print(f"  allowed  {what}")
        return answer
    except ClientError as error:
        sys.exit(f"The role cannot {what}: {error.response['Error']['Code']}")


def denied(what, call):
    try:
        call()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            sys.exit(f"Expected access denied for '{what}', got: {error.response['Error']['Code']}")
        print(f"  denied   {what}")
        return
    sys.exit(f"The role can {what}.")


def rights(known, env_file):
    environment = dict(line.split("=", 1) for line in shlex.split(Path(env_file).read_text()))
    role = {
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": environment["AWS_SESSION_TOKEN"],
    }
    s3 = client("s3", **role)
    rights_s3(s3, *place(known["source_uri"]), *place(known["lake_uri"]))
    bucket, loaders = place(environment["ETL__LOADERS__REQUESTSURI"])
    allowed("request loaders", lambda: s3.put_object(Bucket=bucket, Key=f"{loaders}{PROBE}", Body=b""))
    denied("read a request", lambda: s3.get_object(Bucket=bucket, Key=f"{loaders}{PROBE}"))
    code, folder = place(environment["ETL__EXTENSIONS__DIRECTORY"])
    denied("read beside its extensions", lambda: s3.get_object(Bucket=code, Key="etl/other/secret.json"))
    denied("write its extensions", lambda: s3.put_object(Bucket=code, Key=f"{folder}datasets/returns.json", Body=b""))
    sns, other = client("sns", **role), known["topic"] + "-other"
    denied("publish to another topic", lambda: sns.publish(TopicArn=other, Message="probe"))
    denied("list the subscriptions", lambda: sns.list_subscriptions_by_topic(TopicArn=known["topic"]))
    checks(on=False)
    rights_by_documents(known)


def rights_s3(s3, source, incoming, lake, root):
    export = f"{root}analytics_export/probe/"
    allowed("read its source", lambda: s3.get_object(Bucket=source, Key=f"{incoming}orders.csv")["Body"].read())
    allowed("write an export", lambda: s3.put_object(Bucket=lake, Key=f"{export}a.csv", Body=b"a", IfNoneMatch="*"))
    upload = allowed("start a multipart upload", lambda: s3.create_multipart_upload(Bucket=lake, Key=f"{export}b.csv"))["UploadId"]
    big = {"Bucket": lake, "Key": f"{export}b.csv", "UploadId": upload}
    part = allowed("upload a part", lambda: s3.upload_part(**big, PartNumber=1, Body=b"b"))
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    allowed("complete it", lambda: s3.complete_multipart_upload(**big, MultipartUpload=parts))
    copy = {"Bucket": lake, "Key": f"{export}latest.csv", "CopySource": {"Bucket": lake, "Key": f"{export}a.csv"}}
    allowed("copy an export to its latest name", lambda: s3.copy_object(**copy))

    denied("read another prefix", lambda: s3.get_object(Bucket=source, Key="other-prefix/orders.csv"))
    denied("write the source", lambda: s3.put_object(Bucket=source, Key=f"{incoming}orders.csv", Body=b""))
    denied("delete a source", lambda: s3.delete_object(Bucket=source, Key=f"{incoming}orders.csv"))
    denied("delete an export", lambda: s3.delete_object(Bucket=lake, Key=f"{export}a.csv"))
    denied("write outside the exports", lambda: s3.put_object(Bucket=lake, Key=f"{root}else.csv", Body=b""))
    denied("delete a bucket policy", lambda: s3.delete_bucket_policy(Bucket=lake))


def rights_by_documents(known):
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
    expectations = [
        (True, "publish to its topic", "sns:Publish", known["topic"]),
        (False, "publish to another topic", "sns:Publish", known["topic"] + "-other"),
        (True, "log in as its database user", "rds-db:connect", user),
        (False, "log in as the master user", "rds-db:connect", user.rsplit("/", 1)[0] + "/etl_admin"),
        (False, "log in to another database", "rds-db:connect", f"{login}db-OTHER/{known['database']['user']}"),
        (False, "read a secret", "secretsmanager:GetSecretValue", known["database"]["master_secret"]),
        (False, "change a role", "iam:PutRolePolicy", known["function_role"]),
    ]
    for expected, what, action, resource in expectations:
        if permitted(action, resource) != expected:
            sys.exit(f"By its documents the role {'cannot' if expected else 'can'} {what}.")
        print(f"  {'allowed ' if expected else 'denied  '} {what} (by its documents)")


def read(known):
    bucket, prefix = place(known["lake_uri"])
    s3, sqs = client("s3"), client("sqs")
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=f"{prefix}analytics_export/latest/manifest.json")["Body"].read())
    queue = sqs.get_queue_url(QueueName=PROBE)["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    subjects = [json.loads(message["Body"])["Subject"] for message in messages]
    if len(subjects) != 1:
        sys.exit(f"Expected 1 message on the topic, found {len(subjects)}.")
    print(f"  exports  {json.dumps(manifest)[:90]}…")
    print(f"  message  {subjects[0]}")
    sqs.delete_queue(QueueUrl=queue)


def catalog(known):
    """Each table of the catalog has files where it looks for them, and the columns of the manifest."""
    bucket, prefix = place(known["lake_uri"])
    s3, glue = client("s3"), client("glue")
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=f"{prefix}analytics_export/latest/manifest.json")["Body"].read())
    types = {"integer": "int", "text": "string"}
    exported = {
        table["table"]: [(c["name"], types.get(c["type"], c["type"].replace("numeric", "decimal"))) for c in table["parquet"]["schema"]]
        for table in manifest["tables"]
    }
    tables = glue.get_tables(DatabaseName=known["glue_database"])["TableList"]
    if {table["Name"] for table in tables} != {name + end for name in exported for end in ("", "_history")}:
        sys.exit("The catalog has other tables than the export.")
    for table in tables:
        columns = [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]]
        if columns != exported[table["Name"].removesuffix("_history")]:
            sys.exit(f"The catalog has other columns of {table['Name']} than the export: {columns}.")
        folder = table["Parameters"].get("storage.location.template", table["StorageDescriptor"]["Location"])
        lake, start = place(folder.replace("${business_date}", manifest["businessDate"]))
        keys = [o["Key"] for o in s3.list_objects_v2(Bucket=lake, Prefix=start).get("Contents", [])]
        if len(keys) != 1 or not keys[0].endswith(".parquet"):
            sys.exit(f"{table['Name']} should find one Parquet file below {folder}, found {keys}.")
    print(f"  catalog  {len(tables)} tables with the columns and folders of the export")


def network():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    zones = ["eu-central-1a", "eu-central-1b"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=z)["Subnet"]["SubnetId"] for n, z in enumerate(zones)]
    routes = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    group = ec2.create_security_group(GroupName="database", Description="database", VpcId=vpc)["GroupId"]
    client("s3").create_bucket(Bucket="shop-drop", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    variables = {
        "network": {"vpc_id": vpc, "subnet_ids": subnets, "route_table_ids": [routes]},
        "database": {"host": "shop.example.com", "name": "shop", "resource_id": "db-ABC", "security_group_id": group},
        "source_bucket": "shop-drop",
    }
    print(json.dumps(variables))


def protected(cluster, bucket):
    s3, rds = client("s3"), client("rds")
    s3.put_object(Bucket=bucket, Key="analytics_export/data.csv", Body=b"data")
    for what, call in {
        "the database": lambda: rds.delete_db_cluster(DBClusterIdentifier=cluster, SkipFinalSnapshot=True),
        "a bucket with objects": lambda: s3.delete_bucket(Bucket=bucket),
    }.items():
        try:
            call()
        except ClientError as error:
            print(f"  refused  to delete {what}: {error.response['Error']['Message']}")
            continue
        sys.exit(f"Without allow_destroy {what} was deleted.")


if __name__ == "__main__":
    if sys.argv[1] in ("network", "protected"):
        {"network": network, "protected": protected}[sys.argv[1]](*sys.argv[2:])
        sys.exit()
    verb, known, *rest = sys.argv[1], outputs(sys.argv[2]), *sys.argv[3:]
    {"prepare": prepare, "rights": rights, "read": read, "catalog": catalog}[verb](known, *rest)
