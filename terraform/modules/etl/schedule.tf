locals {
  # Not jsonencode: it escapes < and >, and the scheduler would not replace its attributes.
  function_input = "{\"scheduledTime\":\"<aws.scheduler.scheduled-time>\",\"executionId\":\"<aws.scheduler.execution-id>\"}"
  task_input     = "{\"containerOverrides\":[{\"name\":\"etl\",\"command\":[\"run\",\"--at\",\"<aws.scheduler.scheduled-time>\",\"--json\"]}]}"
  schedules_task = var.runner == "fargate"
}

resource "aws_scheduler_schedule_group" "etl" {
  name = var.name
}

resource "aws_scheduler_schedule" "daily" {
  name                         = "${var.name}-daily"
  description                  = "One run for each business date"
  group_name                   = aws_scheduler_schedule_group.etl.name
  state                        = var.schedule.enabled ? "ENABLED" : "DISABLED"
  schedule_expression          = "cron(${var.schedule.cron})"
  schedule_expression_timezone = var.schedule.time_zone
  kms_key_arn                  = aws_kms_key.etl.arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.schedules_task ? aws_ecs_cluster.etl[0].arn : aws_lambda_function.etl.arn
    role_arn = aws_iam_role.scheduler.arn
    input    = local.schedules_task ? local.task_input : local.function_input

    retry_policy {
      maximum_retry_attempts       = var.schedule.retry_attempts
      maximum_event_age_in_seconds = var.schedule.max_event_age_seconds
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead_letters.arn
    }

    dynamic "ecs_parameters" {
      for_each = local.schedules_task ? [1] : []
      content {
        task_definition_arn = aws_ecs_task_definition.etl[0].arn
        launch_type         = "FARGATE"
        network_configuration {
          subnets          = local.subnet_ids
          security_groups  = [aws_security_group.runner.id]
          assign_public_ip = false
        }
      }
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}

# Invocations that failed after all retries, with event and error; kept for 14 days. Their runs sent a message.
resource "aws_sqs_queue" "failed_runs" {
  name                      = "${var.name}-failed-runs"
  message_retention_seconds = 1209600
  kms_master_key_id         = aws_kms_key.etl.arn
}

resource "aws_sqs_queue_policy" "failed_runs" {
  queue_url = aws_sqs_queue.failed_runs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = aws_sqs_queue.failed_runs.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# Starts that could not be delivered; kept for 14 days. No run knows of them, so an alarm does.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600
  kms_master_key_id         = aws_kms_key.etl.arn
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      ], flatten([for sid, rules in { UndeliveredMarkers = aws_cloudwatch_event_rule.marker, UndeliveredRequests = aws_cloudwatch_event_rule.loaders } : [
        for rule in rules : {
          Sid       = sid
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = aws_sqs_queue.dead_letters.arn
          Condition = { ArnEquals = { "aws:SourceArn" = rule.arn } }
        }
    ]]))
  })
}

resource "aws_iam_role" "scheduler" {
  name               = "${local.global_name}-scheduler"
  description        = "Starts the daily run"
  assume_role_policy = jsonencode(local.trust.scheduler)
}

resource "aws_iam_role_policy" "scheduler" {
  name = "start"
  role = aws_iam_role.scheduler.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      { Sid = "StartFunction", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = local.function_arn },
      { Sid = "SendDeadLetters", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead_letters.arn },
      { Sid = "UseKey", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = aws_kms_key.etl.arn },
    ], [for statement in local.start_statements.run : statement if local.schedules_task])
  })
}
