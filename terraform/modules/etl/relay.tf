# idle = "zero": SNS needs an interface endpoint, which is billed by the hour. The pipeline therefore writes each message to the
# lake, and this function of the same image, outside the VPC, publishes it.
locals {
  relay             = var.idle == "zero" ? 1 : 0
  relay_name        = "${var.name}-relay"
  message_prefix    = "${local.lake_prefix}messages/"
  message_objects   = "${local.lake_bucket_arn}/${local.message_prefix}*"
  message_records   = "${local.lake_bucket_arn}/${local.message_prefix}sent/*"
  message_uri       = "s3://${local.buckets.lake.name}/${local.message_prefix}"
  message_keep_days = 30
}

resource "aws_lambda_function" "relay" {
  count = local.relay

  function_name = local.relay_name
  description   = "Publishes the messages of the pipeline"
  role          = aws_iam_role.relay[0].arn

  package_type  = "Image"
  image_uri     = var.image
  architectures = ["x86_64"]
  memory_size   = 512
  timeout       = 60

  image_config {
    command = ["relay"]
  }

  environment {
    variables = merge(
      { ETL__NOTIFY__MESSAGESURI = local.message_uri, ETL__NOTIFY__TOPICARN = local.topic_arn },
      local.key_settings,
    )
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.etl.name
    application_log_level = var.function.log_level
    system_log_level      = "INFO"
  }

  depends_on = [aws_iam_role_policy.relay]
}

# A message that could not be published is kept with the starts that could not be delivered.
resource "aws_lambda_function_event_invoke_config" "relay" {
  count = local.relay

  function_name                = aws_lambda_function.relay[0].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letters.arn
    }
  }
}

resource "aws_lambda_permission" "relay" {
  count = local.relay

  statement_id   = "Messages"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.relay[0].function_name
  principal      = "s3.amazonaws.com"
  source_arn     = local.lake_bucket_arn
  source_account = local.account
}

resource "aws_iam_role" "relay" {
  count = local.relay

  name               = "${local.global_name}-relay"
  description        = "Publishes the messages of the pipeline"
  assume_role_policy = jsonencode(local.trust.lambda)
}

resource "aws_iam_role_policy" "relay" {
  count = local.relay

  name = "relay"
  role = aws_iam_role.relay[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "ReadMessages", Effect = "Allow", Action = "s3:GetObject", Resource = local.message_objects },
      { Sid = "RecordPublished", Effect = "Allow", Action = "s3:PutObject", Resource = local.message_records },
      local.publish_statement,
      local.key_statement,
      { Sid = "KeepFailedInvocations", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead_letters.arn },
      local.log_statement,
    ]
  })
}
