# The permissions of a run: read its source files and extensions, write its exports, publish to its topic, log in as its database user.
# A run cannot delete objects, cannot write to the source, and has no permission on any other prefix.
locals {
  lake_objects = "${local.lake_bucket_arn}/${local.lake_prefix}analytics_export/*"
  key_arns = distinct(compact([
    aws_kms_key.etl.arn, var.source_bucket.kms_key_arn, var.lake_bucket.kms_key_arn, try(var.extensions.kms_key_arn, null)
  ]))

  publish_statement = {
    Sid      = "PublishOutcome"
    Effect   = "Allow"
    Action   = "sns:Publish"
    Resource = local.topic_arn
  }
  # Reads its own object to find out whether an earlier attempt wrote it.
  message_statement = {
    Sid      = "WriteMessages"
    Effect   = "Allow"
    Action   = ["s3:PutObject", "s3:GetObject"]
    Resource = local.message_objects
  }
  key_statement = {
    Sid      = "UseKeyThroughServices"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = local.key_arns
    Condition = { StringEquals = { "kms:ViaService" = [
      for service in ["s3", "sns", "sqs"] : "${service}.${local.region}.${local.suffix}"
    ] } }
  }
  log_statement = {
    Sid      = "WriteLog"
    Effect   = "Allow"
    Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    Resource = "${local.log_group_arn}:*"
  }

  run_statements = concat(
    [for statement in [local.publish_statement] : statement if local.relay == 0],
    [for statement in [local.message_statement] : statement if local.relay == 1],
    [for statement in [local.loader_request_statement] : statement if local.loaders == 1],
    local.data_statements,
    local.extension_statements,
  )

  source_statement = {
    Sid      = "ReadSource"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:GetObjectVersion"]
    Resource = "${local.source_bucket_arn}/${local.source_prefix}*"
  }
  login_statement = {
    Sid      = "LogInToDatabase"
    Effect   = "Allow"
    Action   = "rds-db:connect"
    Resource = "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser:${local.database.resource_id}/${var.database_user}"
  }
  data_statements = [
    local.source_statement,
    {
      Sid      = "WriteLake"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"]
      Resource = local.lake_objects
    },
    {
      # Without ListBucket S3 answers 403 for a missing object. A request for one object has no prefix, hence IfExists.
      Sid      = "DistinguishMissingFromForbidden"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = distinct([local.source_bucket_arn, local.lake_bucket_arn])
      Condition = { StringLikeIfExists = { "s3:prefix" = [
        "${local.source_prefix}*", "${local.lake_prefix}analytics_export/*"
      ] } }
    },
    local.login_statement,
    local.key_statement,
  ]

  # Lambda attaches the function to the VPC with the function's role; EC2 offers no narrower resource for this. The code of the
  # function is denied the same actions, as AWS recommends.
  network_actions = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"
  ]

  function_statements = concat(local.run_statements, [
    local.log_statement,
    {
      Sid      = "KeepFailedInvocations"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = aws_sqs_queue.failed_runs.arn
    },
    {
      Sid      = "JoinNetwork"
      Effect   = "Allow"
      Action   = local.network_actions
      Resource = "*"
    },
    {
      Sid       = "DenyNetworkChangesByCode"
      Effect    = "Deny"
      Action    = local.network_actions
      Resource  = "*"
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.function_arn } }
    },
    ], var.function.tracing ? [
    {
      # X-Ray has no resource-level permissions.
      Sid      = "Trace"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*"
    },
  ] : [])
}

resource "aws_iam_role" "function" {
  name               = "${local.global_name}-function"
  description        = "Runs the pipeline as a Lambda function"
  assume_role_policy = jsonencode(local.trust.lambda)
}

resource "aws_iam_role_policy" "function" {
  name   = "run"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.function_statements })
}

locals {
  # Limited to this account's resources, which prevents the confused deputy problem.
  trust = { for service in ["lambda", "scheduler", "ecs-tasks", "events"] : service => {
    Version = "2012-10-17"
    Statement = [merge(
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "${service}.amazonaws.com" } },
      contains(["lambda", "events"], service) ? {} : { Condition = { StringEquals = { "aws:SourceAccount" = local.account } } },
    )]
  } }
}
