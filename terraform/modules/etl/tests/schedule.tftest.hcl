# Start of a run, retries and dead letters.
mock_provider "aws" {
  source = "./tests/mocks"
}

# The mock gives all queues one ARN.
override_resource {
  target = aws_sqs_queue.failed_runs
  values = {
    arn = "arn:aws:sqs:eu-central-1:123456789012:etl-failed-runs"
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/etl-failed-runs"
  }
}

variables {
  image    = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  schedule = { cron = "30 5 * * ? *", time_zone = "Europe/Berlin", retry_attempts = 2, max_event_age_seconds = 1800 }
}

run "the_schedule_starts_the_function_daily_and_passes_the_scheduled_time" {
  assert {
    condition     = aws_scheduler_schedule.daily.schedule_expression == "cron(30 5 * * ? *)" && aws_scheduler_schedule.daily.schedule_expression_timezone == "Europe/Berlin"
    error_message = "The schedule differs from its variable."
  }
  assert {
    condition     = aws_scheduler_schedule.daily.flexible_time_window[0].mode == "OFF"
    error_message = "A flexible time window delays the start."
  }
  assert {
    condition     = aws_scheduler_schedule.daily.target[0].arn == aws_lambda_function.etl.arn
    error_message = "The schedule does not start the function."
  }
  assert {
    condition = (
      strcontains(aws_scheduler_schedule.daily.target[0].input, "\"<aws.scheduler.scheduled-time>\"") &&
      strcontains(aws_scheduler_schedule.daily.target[0].input, "\"<aws.scheduler.execution-id>\"") &&
      toset(keys(jsondecode(aws_scheduler_schedule.daily.target[0].input))) == toset(["scheduledTime", "executionId"])
    )
    error_message = "The attributes of the scheduler are escaped in the input."
  }
  assert {
    condition     = aws_lambda_function.etl.environment[0].variables.ETL__SCHEDULE__TIMEZONE == "Europe/Berlin"
    error_message = "The pipeline and the schedule use different time zones."
  }
}

run "retries_are_bounded_and_failures_are_kept_in_queues" {
  assert {
    condition     = aws_scheduler_schedule.daily.target[0].retry_policy[0].maximum_retry_attempts == 2 && aws_scheduler_schedule.daily.target[0].retry_policy[0].maximum_event_age_in_seconds == 1800
    error_message = "The retries of the scheduler differ from their variable."
  }
  assert {
    condition     = aws_scheduler_schedule.daily.target[0].dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn
    error_message = "A start that the scheduler cannot deliver is lost."
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.etl.maximum_retry_attempts == 1 && aws_lambda_function_event_invoke_config.etl.maximum_event_age_in_seconds == 3600
    error_message = "A failed invocation is not retried once within an hour."
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.etl.destination_config[0].on_failure[0].destination == aws_sqs_queue.failed_runs.arn
    error_message = "A failed invocation is lost."
  }
}

run "one_run_at_a_time" {
  assert {
    condition     = aws_lambda_function.etl.reserved_concurrent_executions == 1
    error_message = "More than one invocation can run at a time."
  }
}

run "the_function_has_the_image_and_limits_of_its_variables" {
  variables {
    function = { memory_mb = 2048, timeout_seconds = 900, ephemeral_storage_mb = 1024, tracing = true }
  }
  assert {
    condition     = aws_lambda_function.etl.package_type == "Image" && aws_lambda_function.etl.image_uri == var.image
    error_message = "The function has another image."
  }
  assert {
    condition     = aws_lambda_function.etl.memory_size == 2048 && aws_lambda_function.etl.timeout == 900 && aws_lambda_function.etl.ephemeral_storage[0].size == 1024
    error_message = "Memory, time limit or storage differ from their variable."
  }
  assert {
    condition     = aws_lambda_function.etl.logging_config[0].log_format == "JSON" && aws_lambda_function.etl.logging_config[0].application_log_level == "INFO" && aws_lambda_function.etl.logging_config[0].log_group == "/etl/etl"
    error_message = "The log is not JSON in the log group of the deployment."
  }
  assert {
    condition     = aws_lambda_function.etl.tracing_config[0].mode == "Active"
    error_message = "Tracing is off although it is enabled."
  }
}

run "a_marker_starts_a_run" {
  variables {
    marker_trigger = true
    source_bucket  = { prefix = "shop/incoming", dated = true }
  }
  assert {
    condition     = aws_s3_bucket_notification.source[0].eventbridge
    error_message = "The bucket does not notify EventBridge."
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.marker[0].event_pattern).detail.object.key == [
        { wildcard = "shop/incoming/*/_SUCCESS" }
      ] && jsondecode(aws_cloudwatch_event_rule.marker[0].event_pattern).detail.bucket.name == ["etl-source-123456789012-eu-central-1"]
    )
    error_message = "The rule does not match exactly the marker."
  }
  assert {
    condition     = aws_lambda_permission.marker[0].source_arn == aws_cloudwatch_event_rule.marker[0].arn && aws_cloudwatch_event_target.marker[0].dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn
    error_message = "Other sources can start the function, or an undelivered event is lost."
  }
}

run "a_marker_has_the_configured_name" {
  variables {
    marker_trigger = true
    settings       = { ETL__DELIVERY__MARKER = "_READY" }
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.marker[0].event_pattern).detail.object.key == ["incoming/_READY"]
    error_message = "The rule ignores the configured name of the marker."
  }
}

run "a_fargate_task_is_scheduled_with_its_business_date" {
  variables {
    runner  = "fargate"
    fargate = { cpu = 2048, memory_mb = 4096 }
  }
  assert {
    condition     = aws_scheduler_schedule.daily.target[0].arn == aws_ecs_cluster.etl[0].arn && aws_scheduler_schedule.daily.target[0].ecs_parameters[0].launch_type == "FARGATE"
    error_message = "The schedule does not start the task."
  }
  assert {
    condition     = jsondecode(aws_scheduler_schedule.daily.target[0].input).containerOverrides[0].command == ["run", "--at", "<aws.scheduler.scheduled-time>", "--json"] && strcontains(aws_scheduler_schedule.daily.target[0].input, "<aws.scheduler.scheduled-time>")
    error_message = "The task does not get its business date from the schedule."
  }
  assert {
    condition     = !aws_scheduler_schedule.daily.target[0].ecs_parameters[0].network_configuration[0].assign_public_ip
    error_message = "The task has a public address."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.etl[0].container_definitions)[0].readonlyRootFilesystem
    error_message = "The root file system of the task is writable."
  }
  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.task_outcome[0].metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.etl["no-outcome"].namespace &&
      aws_cloudwatch_log_metric_filter.task_outcome[0].metric_transformation[0].name == aws_cloudwatch_metric_alarm.etl["no-outcome"].metric_name &&
      length(coalesce(aws_cloudwatch_metric_alarm.etl["no-outcome"].dimensions, {})) == 0
    )
    error_message = "The alarm on no outcome uses a metric that the task does not write."
  }
}

run "with_fargate_a_marker_starts_the_task_with_its_date" {
  variables {
    runner         = "fargate"
    fargate        = {}
    marker_trigger = true
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.marker[0].arn == aws_ecs_cluster.etl[0].arn && length(aws_lambda_permission.marker) == 0 &&
      strcontains(aws_cloudwatch_event_target.marker[0].input_transformer[0].input_template, "\"run\",\"--at\",\"<time>\",\"--marker\",\"s3://<bucket>/<key>\"")
    )
    error_message = "The marker starts the function, or a task without its date."
  }
  assert {
    condition     = jsondecode(aws_iam_role.rules[0].assume_role_policy).Statement[0].Principal.Service == "events.amazonaws.com" && toset([for s in jsondecode(aws_iam_role_policy.rules[0].policy).Statement : s.Sid]) == toset(["StartTask", "PassRolesToTask"])
    error_message = "The rule cannot start the task, or can do more."
  }
}

run "a_task_that_fails_is_retried_once_and_one_that_cannot_start_is_reported" {
  variables {
    runner         = "fargate"
    fargate        = {}
    marker_trigger = true
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.retry[0].event_pattern).detail.startedBy == [{ prefix = "chronos-schedule/etl-daily" }, { prefix = "events-rule/etl-marker" }] &&
      aws_cloudwatch_event_target.retry[0].input_transformer[0].input_paths == tomap({ overrides = "$.detail.overrides.containerOverrides" })
    )
    error_message = "A failed task is not retried, or a retry is retried, or it has another date."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.task_not_started[0].arn == aws_sns_topic.etl.arn &&
      jsondecode(aws_cloudwatch_event_rule.task_not_started[0].event_pattern).detail.stopCode == ["TaskFailedToStart"] &&
      jsondecode(aws_cloudwatch_event_rule.task_not_started[0].event_pattern).detail.startedBy == [{ prefix = "events-rule/etl-retry" }] &&
      contains([for s in jsondecode(aws_sns_topic_policy.etl.policy).Statement : s.Sid], "TasksThatCannotStart")
    )
    error_message = "A task that cannot start is not reported."
  }
}

run "without_retries_a_task_is_not_retried" {
  variables {
    runner     = "fargate"
    fargate    = {}
    invocation = { retries = 0 }
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.retry) == 0 && !can(jsondecode(aws_cloudwatch_event_rule.task_not_started[0].event_pattern).detail.startedBy)
    error_message = "A task is retried, or its failure to start is not reported."
  }
}

run "an_hour_of_the_gap_is_allowed_in_utc" {
  command = plan
  variables {
    schedule = { cron = "30 2 * * ? *", time_zone = "UTC" }
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["no-outcome"].evaluation_periods == 26
    error_message = "The alarm of a daily schedule does not expect a run a day."
  }
}

run "the_alarm_of_a_schedule_from_monday_to_friday_waits_over_the_weekend" {
  command = plan
  variables {
    schedule = { cron = "0 6 ? * MON-FRI *" }
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["no-outcome"].evaluation_periods == 74
    error_message = "The alarm reports each weekend."
  }
}

run "any_schedule_can_have_its_own_alarm_window" {
  command = plan
  variables {
    schedule            = { cron = "0 6 ? * MON *" }
    outcome_alarm_hours = 168
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["no-outcome"].evaluation_periods == 168
    error_message = "The alarm ignores its window."
  }
}
