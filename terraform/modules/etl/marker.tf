# Starts a run when the marker, such as _SUCCESS, arrives in the source, through EventBridge. If marker and schedule both
# start a day, the ledger lets one run.
locals {
  marker = lookup({ for name, value in var.settings : upper(name) => value }, "ETL__DELIVERY__MARKER", "_SUCCESS")
}

resource "aws_s3_bucket_notification" "source" {
  count = var.marker_trigger && var.source_bucket.create ? 1 : 0

  bucket      = aws_s3_bucket.etl["source"].id
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "marker" {
  count = var.marker_trigger ? 1 : 0

  name        = "${var.name}-marker"
  description = "The files of the day are complete"
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.buckets.source.name] }
      # The function reads the date of a dated source from the key, and refuses any other object.
      object = { key = concat(
        var.source_bucket.dated ? [] : ["${local.source_prefix}${local.marker}"],
        var.source_bucket.dated ? [{ wildcard = "${local.source_prefix}*/${local.marker}" }] : [],
      ) }
    }
  })
}

resource "aws_cloudwatch_event_target" "marker" {
  count = var.marker_trigger ? 1 : 0

  rule     = aws_cloudwatch_event_rule.marker[0].name
  arn      = local.schedules_task ? aws_ecs_cluster.etl[0].arn : aws_lambda_function.etl.arn
  role_arn = local.schedules_task ? aws_iam_role.rules[0].arn : null

  dynamic "ecs_target" {
    for_each = local.schedules_task ? [1] : []
    content {
      task_definition_arn = aws_ecs_task_definition.etl[0].arn
      launch_type         = "FARGATE"
      network_configuration {
        subnets         = local.subnet_ids
        security_groups = [aws_security_group.runner.id]
      }
    }
  }

  # Not jsonencode: it escapes < and >.
  dynamic "input_transformer" {
    for_each = local.schedules_task ? [1] : []
    content {
      input_paths    = { time = "$.time", bucket = "$.detail.bucket.name", key = "$.detail.object.key" }
      input_template = "{\"containerOverrides\":[{\"name\":\"etl\",\"command\":[\"run\",\"--at\",\"<time>\",\"--marker\",\"s3://<bucket>/<key>\",\"--json\"]}]}"
    }
  }

  retry_policy {
    maximum_retry_attempts       = var.schedule.retry_attempts
    maximum_event_age_in_seconds = var.schedule.max_event_age_seconds
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "marker" {
  count = var.marker_trigger && !local.schedules_task ? 1 : 0

  statement_id   = "Marker"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.etl.function_name
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.marker[0].arn
  source_account = local.account
}
