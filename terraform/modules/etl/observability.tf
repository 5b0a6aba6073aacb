resource "aws_cloudwatch_log_group" "etl" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.etl.arn
}

# The task prints the summary of its run as JSON, one field per line.
resource "aws_cloudwatch_log_metric_filter" "task_outcome" {
  count = local.fargate

  name           = "${var.name}-task-outcome"
  log_group_name = aws_cloudwatch_log_group.etl.name
  pattern = join(" ", [
    for status in ["succeeded", "already_done", "failed", "timed_out", "cancelled", "export_pending"] : "?\"\\\"status\\\": \\\"${status}\\\"\""
  ])

  metric_transformation {
    namespace = "Etl/${var.name}"
    name      = "OutcomeReported"
    value     = "1"
  }
}

locals {
  # The longest time between two runs of the schedule, and two hours more; null for schedules whose gaps are not known.
  schedule_days = slice(split(" ", var.schedule.cron), 2, 5)
  default_alarm_hours = (
    alltrue([for days in local.schedule_days : contains(["*", "?"], days)]) ? 26 :
    contains(["? * MON-FRI", "? * 2-6"], join(" ", local.schedule_days)) ? 74 : null
  )
  outcome_alarm_hours = coalesce(var.outcome_alarm_hours, local.default_alarm_hours)

  function_dimensions = { FunctionName = var.name }
  # The function writes this metric in the embedded metric format; for a task the metric filter above counts it. Namespace or
  # dimension has the name of the deployment, so that a run of one environment does not count for another.
  outcome_metric = local.schedules_task ? {
    namespace = "Etl/${var.name}", metric = "OutcomeReported", dimensions = tomap({})
    } : {
    namespace = "Etl", metric = "OutcomeReported", dimensions = tomap(local.function_dimensions)
  }

  # Meaning and procedure of each alarm: docs/runbook.md. A run sends the message about its own failure, so no alarm repeats it:
  # none watches errors of invocations, and none sends a message when it ends (docs/decisions).
  alarms = merge({
    duration = {
      summary   = "A run took more than 80 % of its time limit.", namespace = "AWS/Lambda", metric = "Duration", dimensions = local.function_dimensions
      statistic = "Maximum", period = 300, periods = 1, at = ">=", threshold = var.function.timeout_seconds * 800, missing = "notBreaching"
    }
    throttles = {
      summary   = "An invocation was throttled because another one was running.", namespace = "AWS/Lambda", metric = "Throttles", dimensions = local.function_dimensions
      statistic = "Sum", period = 300, periods = 3, at = ">=", threshold = 1, missing = "notBreaching"
    }
    dead-letters = {
      summary    = "A start could not be delivered.", namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = aws_sqs_queue.dead_letters.name }
      statistic  = "Maximum", period = 300, periods = 1, at = ">=", threshold = 1, missing = "notBreaching"
    }
    no-outcome = {
      summary   = "No run succeeded or reported its failure in the last ${local.outcome_alarm_hours} hours.", namespace = local.outcome_metric.namespace
      metric    = local.outcome_metric.metric, dimensions = local.outcome_metric.dimensions
      statistic = "Sum", period = 3600, periods = local.outcome_alarm_hours, at = "<", threshold = 1, missing = "breaching"
    }
    }, local.instance == 1 ? {
    database-storage = {
      summary    = "The database has less than 2 GB of free storage and reached max_storage_gb.", namespace = "AWS/RDS", metric = "FreeStorageSpace"
      dimensions = { DBInstanceIdentifier = var.name }
      statistic  = "Minimum", period = 300, periods = 3, at = "<", threshold = 2147483648, missing = "notBreaching"
    }
  } : {})
}

resource "aws_cloudwatch_metric_alarm" "etl" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.summary} Procedure: docs/runbook.md, ${each.key}."
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = each.value.at == "<" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold"
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.etl.arn]
}

locals {
  function_metric = { for metric in ["Invocations", "Errors", "Throttles", "Duration"] : metric => ["AWS/Lambda", metric, "FunctionName", var.name] }

  charts = concat([
    {
      title   = "Runs with an outcome", stat = "Sum", period = 86400
      metrics = [concat([local.outcome_metric.namespace, local.outcome_metric.metric], flatten([for name, value in local.outcome_metric.dimensions : [name, value]]))]
    },
    { title = "Invocations", stat = "Sum", period = 3600, metrics = [for metric in ["Invocations", "Errors", "Throttles"] : local.function_metric[metric]] },
    { title = "Duration, ms", stat = "Maximum", period = 3600, metrics = [local.function_metric.Duration] },
    {
      title   = "Dead letters", stat = "Maximum", period = 300
      metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.dead_letters.name]]
    },
    ], local.cluster == 1 ? [
    { title = "Database: capacity, ACU", stat = "Maximum", period = 300, metrics = [["AWS/RDS", "ServerlessDatabaseCapacity", "DBClusterIdentifier", var.name]] },
    ] : [], local.instance == 1 ? [
    { title = "Database: processor, %", stat = "Maximum", period = 300, metrics = [["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.name]] },
    { title = "Database: free storage, bytes", stat = "Minimum", period = 300, metrics = [["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", var.name]] },
  ] : [])
}

resource "aws_cloudwatch_dashboard" "etl" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type       = "alarm", x = 0, y = 0, width = 24, height = 3
        properties = { title = "Alarms", alarms = [for alarm in aws_cloudwatch_metric_alarm.etl : alarm.arn] }
      }],
      [for i, chart in local.charts : {
        type = "metric", x = i % 3 * 8, y = 3 + floor(i / 3) * 6, width = 8, height = 6
        properties = {
          title = chart.title, region = local.region, view = "timeSeries", stat = chart.stat, period = chart.period, metrics = chart.metrics
        }
      }],
      [{
        type = "log", x = 0, y = 15, width = 24, height = 6
        properties = {
          title = "Warnings and errors", region = local.region, view = "table"
          query = "SOURCE '${local.log_group}' | fields @timestamp, level, errorCode, message, nextStep, requestId, @message | filter @message like /\"(WARN|ERROR|FATAL|failure|error|timeout)\"/ | sort @timestamp desc | limit 50"
        }
      }],
    )
  })
}
