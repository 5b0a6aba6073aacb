# What Lambda does for a function, rules do for a task: one retry, and a message about a task that cannot start. A task that
# starts sends its message itself.
locals {
  # The task's `startedBy` names what started it. A retry is started by a rule that is not among these, so that it is the last.
  first_starts = concat(
    [{ prefix = "chronos-schedule/${var.name}-daily" }],
    var.marker_trigger ? [{ prefix = "events-rule/${var.name}-marker" }] : [],
  )
  retries_task = local.schedules_task && var.invocation.retries > 0 ? 1 : 0
  # Of the run only: it does without a loader that cannot start.
  not_started = {
    clusterArn        = [for cluster in aws_ecs_cluster.etl : cluster.arn]
    taskDefinitionArn = [for task in aws_ecs_task_definition.etl : { prefix = "${task.arn_without_revision}:" }]
    lastStatus        = ["STOPPED"]
    stopCode          = ["TaskFailedToStart"]
  }
}

resource "aws_cloudwatch_event_rule" "retry" {
  count = local.retries_task

  name        = "${var.name}-retry"
  description = "A scheduled task failed or could not start: start it once more"
  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.etl[0].arn]
      lastStatus = ["STOPPED"]
      startedBy  = local.first_starts
      "$or"      = [{ containers = { exitCode = [{ anything-but = 0 }] } }, { stopCode = ["TaskFailedToStart"] }]
    }
  })
}

resource "aws_cloudwatch_event_target" "retry" {
  count = local.retries_task

  rule     = aws_cloudwatch_event_rule.retry[0].name
  arn      = aws_ecs_cluster.etl[0].arn
  role_arn = aws_iam_role.rules[0].arn

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.etl[0].arn
    launch_type         = "FARGATE"
    network_configuration {
      subnets         = local.subnet_ids
      security_groups = [aws_security_group.runner.id]
    }
  }

  # The same command, so that the retry has the business date of the first start.
  input_transformer {
    input_paths    = { overrides = "$.detail.overrides.containerOverrides" }
    input_template = "{\"containerOverrides\":<overrides>}"
  }
}

resource "aws_cloudwatch_event_rule" "task_not_started" {
  count = local.fargate

  name        = "${var.name}-task-not-started"
  description = "A task could not start, also not as a retry"
  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail      = merge(local.not_started, local.retries_task == 1 ? { startedBy = [{ prefix = "events-rule/${var.name}-retry" }] } : {})
  })
}

resource "aws_cloudwatch_event_target" "task_not_started" {
  count = local.fargate

  rule = aws_cloudwatch_event_rule.task_not_started[0].name
  arn  = aws_sns_topic.etl.arn

  input_transformer {
    input_paths    = { reason = "$.detail.stoppedReason", time = "$.time" }
    input_template = "\"The task of ${var.name} could not start at <time>: <reason> Procedure: docs/runbook.md, task-not-started.\""
  }
}

resource "aws_iam_role" "rules" {
  count = local.schedules_task ? 1 : 0

  name               = "${local.global_name}-rules"
  description        = "Starts the task for a marker, and once more after a failure"
  assume_role_policy = jsonencode(local.trust.events)
}

resource "aws_iam_role_policy" "rules" {
  count = local.schedules_task ? 1 : 0

  name   = "start"
  role   = aws_iam_role.rules[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.start_statements.run })
}
