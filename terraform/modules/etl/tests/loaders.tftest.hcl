# Loaders of a run. They are off by default.
mock_provider "aws" {
  source = "./tests/mocks"
}

override_resource {
  target = aws_ecs_task_definition.loader
  values = {
    arn                  = "arn:aws:ecs:eu-central-1:123456789012:task-definition/etl-loader:1"
    arn_without_revision = "arn:aws:ecs:eu-central-1:123456789012:task-definition/etl-loader"
  }
}

override_resource {
  target = aws_iam_role.loader
  values = {
    arn = "arn:aws:iam::123456789012:role/etl-eu-central-1-loader"
  }
}

override_resource {
  target = aws_iam_role.task_start
  values = {
    arn = "arn:aws:iam::123456789012:role/etl-eu-central-1-task-start"
  }
}

override_resource {
  target = aws_iam_role.loader_start
  values = {
    arn = "arn:aws:iam::123456789012:role/etl-eu-central-1-loader-start"
  }
}

override_resource {
  target = aws_cloudwatch_event_rule.loaders
  values = {
    arn = "arn:aws:events:eu-central-1:123456789012:rule/etl-loaders"
  }
}

variables {
  image         = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  runner        = "fargate"
  fargate       = { cpu = 2048, memory_mb = 8192 }
  source_bucket = { prefix = "shop/incoming" }
  lake_bucket   = { prefix = "warehouse" }
}

run "by_default_there_are_no_loaders" {
  assert {
    condition = length(concat(
      aws_cloudwatch_event_rule.loaders, aws_cloudwatch_event_target.loaders, aws_ecs_task_definition.loader, aws_iam_role.loader, aws_iam_role_policy.loader,
      aws_iam_role.loader_start, aws_iam_role_policy.loader_start, aws_s3_bucket_notification.lake
    )) == 0
    error_message = "Something was created for loaders that are off."
  }
  assert {
    condition     = length([for key in keys(local.variables) : key if strcontains(key, "LOADERS")]) == 0 && !contains([for s in local.run_statements : s.Sid], "RequestLoaders")
    error_message = "A run requests loaders that are off, or may do so."
  }
  assert {
    condition     = length([for rule in aws_s3_bucket_lifecycle_configuration.etl["lake"].rule : rule if rule.id == "loaders"]) == 0 && !strcontains(aws_sqs_queue_policy.dead_letters.policy, "UndeliveredRequests")
    error_message = "Bucket or queue know of requests for loaders that are off."
  }
}

run "a_request_of_a_run_starts_the_tasks_with_its_location" {
  variables {
    loaders = { tasks = 4, cpu = 512, memory_mb = 1024 }
  }
  assert {
    condition = (
      one([for setting in jsondecode(aws_ecs_task_definition.etl[0].container_definitions)[0].environment : setting.value if setting.name == "ETL__LOADERS__REQUESTSURI"]) == "s3://etl-lake-123456789012-eu-central-1/warehouse/loaders/" &&
      aws_lambda_function.etl.environment[0].variables.ETL__RUN__LOADERS == "1"
    )
    error_message = "A run does not share its parts, or writes no request."
  }
  assert {
    condition = (
      aws_s3_bucket_notification.lake[0].eventbridge && length(aws_s3_bucket_notification.lake[0].lambda_function) == 0 &&
      jsondecode(aws_cloudwatch_event_rule.loaders[0].event_pattern) == {
        source = ["aws.s3"], detail-type = ["Object Created"]
        detail = { bucket = { name = ["etl-lake-123456789012-eu-central-1"] }, object = { key = [{ prefix = "warehouse/loaders/" }] } }
      }
    )
    error_message = "The rule does not match exactly the requests."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.loaders[0].arn == aws_ecs_cluster.etl[0].arn &&
      aws_cloudwatch_event_target.loaders[0].ecs_target[0].task_definition_arn == aws_ecs_task_definition.loader[0].arn &&
      aws_cloudwatch_event_target.loaders[0].ecs_target[0].task_count == 4 && !coalesce(aws_cloudwatch_event_target.loaders[0].ecs_target[0].network_configuration[0].assign_public_ip, false)
    )
    error_message = "The rule starts another task or number of tasks, or they have public addresses."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.loaders[0].input_transformer[0].input_template == "{\"containerOverrides\":[{\"name\":\"etl\",\"command\":[\"load\",\"--request\",\"s3://<bucket>/<key>\"]}]}" &&
      aws_cloudwatch_event_target.loaders[0].input_transformer[0].input_paths == tomap({ bucket = "$.detail.bucket.name", key = "$.detail.object.key" })
    )
    error_message = "A loader does not get the request."
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.loaders[0].dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn &&
      [for s in jsondecode(aws_sqs_queue_policy.dead_letters.policy).Statement : s.Condition if s.Sid == "UndeliveredRequests"] == [{ ArnEquals = { "aws:SourceArn" = "arn:aws:events:eu-central-1:123456789012:rule/etl-loaders" } }]
    )
    error_message = "A request that cannot be delivered is lost."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.etl["lake"].rule : [rule.filter[0].prefix, rule.expiration[0].days] if rule.id == "loaders"] == [["warehouse/loaders/", 1]]
    error_message = "Requests are kept."
  }
}

run "a_loader_has_the_image_and_settings_of_the_run_in_the_size_that_is_set" {
  variables {
    loaders = { tasks = 1, cpu = 512, memory_mb = 1024 }
  }
  assert {
    condition     = aws_ecs_task_definition.loader[0].cpu == "512" && aws_ecs_task_definition.loader[0].memory == "1024" && aws_ecs_task_definition.etl[0].cpu == "2048" && aws_ecs_task_definition.etl[0].memory == "8192"
    error_message = "Loader or run have another size."
  }
  assert {
    condition = (
      merge(jsondecode(aws_ecs_task_definition.loader[0].container_definitions)[0], { command = [] }) == merge(jsondecode(aws_ecs_task_definition.etl[0].container_definitions)[0], { command = [] }) &&
      jsondecode(aws_ecs_task_definition.loader[0].container_definitions)[0].command == ["load"]
    )
    error_message = "A loader differs from the run in more than its command; with other settings it would load nothing."
  }
}

run "a_loader_can_read_parts_and_log_in_and_nothing_else" {
  variables {
    loaders    = { tasks = 1 }
    extensions = { directory = "s3://shop-code/etl/own" }
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.loader[0].policy).Statement : statement.Sid => [statement.Action, statement.Resource] } == {
      ReadSource            = [["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::etl-source-123456789012-eu-central-1/shop/incoming/*"]
      LogInToDatabase       = ["rds-db:connect", "arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ/etl_loader"]
      UseKeyThroughServices = ["kms:Decrypt", ["arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111"]]
      ListExtensions        = ["s3:ListBucket", "arn:aws:s3:::shop-code"]
      ReadExtensions        = ["s3:GetObject", "arn:aws:s3:::shop-code/etl/own/*"]
    }
    error_message = "The permissions of a loader changed."
  }
  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.loader[0].policy).Statement : s.Condition.StringEquals["kms:ViaService"] if s.Sid == "UseKeyThroughServices"] == ["s3.eu-central-1.amazonaws.com"]
    error_message = "A loader can use the key without going through S3."
  }
  assert {
    condition     = aws_iam_role_policy.loader[0].role == aws_iam_role.loader[0].id && aws_ecs_task_definition.loader[0].task_role_arn == aws_iam_role.loader[0].arn && jsondecode(aws_iam_role.loader[0].assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }
    error_message = "A loader has another role, or another service can assume it."
  }
}

run "the_rule_can_start_only_loaders_and_pass_only_their_roles" {
  variables {
    loaders = { tasks = 1 }
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.loader_start[0].policy).Statement : statement.Sid => [statement.Action, statement.Resource, statement.Condition] } == {
      StartTask = ["ecs:RunTask", "arn:aws:ecs:eu-central-1:123456789012:task-definition/etl-loader:*", { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:eu-central-1:123456789012:cluster/etl" } }]
      PassRolesToTask = [
        "iam:PassRole", ["arn:aws:iam::123456789012:role/etl-eu-central-1-loader", "arn:aws:iam::123456789012:role/etl-eu-central-1-task-start"],
        { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      ]
    }
    error_message = "The rule can start other tasks, or pass other roles."
  }
  assert {
    condition     = aws_cloudwatch_event_target.loaders[0].role_arn == aws_iam_role.loader_start[0].arn && jsondecode(aws_iam_role.loader_start[0].assume_role_policy).Statement[0].Principal == { Service = "events.amazonaws.com" }
    error_message = "The rule has another role, or another service can assume it."
  }
}

run "a_run_can_write_requests_and_not_read_them" {
  variables {
    loaders = { tasks = 1 }
  }
  assert {
    condition = alltrue([for policy in [aws_iam_role_policy.task[0].policy, aws_iam_role_policy.function.policy] : [
      for s in jsondecode(policy).Statement : [s.Action, s.Resource] if s.Sid == "RequestLoaders"
    ] == [["s3:PutObject", "arn:aws:s3:::etl-lake-123456789012-eu-central-1/warehouse/loaders/*"]]])
    error_message = "A run cannot request loaders, or can do more."
  }
}

run "a_loader_that_cannot_start_is_neither_retried_nor_reported_as_a_run" {
  variables {
    loaders    = { tasks = 1 }
    invocation = { retries = 0 }
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.task_not_started[0].event_pattern).detail.taskDefinitionArn == [{ prefix = "arn:aws:ecs:eu-central-1:123456789012:task-definition/etl:" }]
    error_message = "A message says that the run could not start."
  }
}

run "a_loader_that_fails_is_not_the_outcome_of_a_run" {
  variables {
    loaders = { tasks = 1 }
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_event_target.loaders[0].input_transformer[0].input_template, "--json") && !strcontains(aws_ecs_task_definition.loader[0].container_definitions, "--json")
    error_message = "The metric filter counts the status that a loader prints, so that the alarm on no outcome would not notice that there is no run."
  }
}

run "without_a_run_nothing_is_billed" {
  variables {
    loaders = { tasks = 10 }
  }
  assert {
    condition     = toset(local.interfaces) == toset(["sns", "ecr.api", "ecr.dkr", "logs"]) && length(aws_cloudwatch_metric_alarm.etl) == 5 && length(aws_cloudwatch_log_metric_filter.task_outcome) == 1
    error_message = "Loaders add endpoints, alarms or metrics, which are billed by the month."
  }
}

run "with_a_database_that_pauses_relay_and_loaders_share_the_events_of_the_lake" {
  variables {
    idle             = "zero"
    loaders          = { tasks = 1 }
    existing_network = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"], endpoints = { sns = "none", fargate = "existing" } }
  }
  assert {
    condition = (
      length(aws_s3_bucket_notification.lake) == 1 && aws_s3_bucket_notification.lake[0].eventbridge &&
      aws_s3_bucket_notification.lake[0].lambda_function[0].filter_prefix == "warehouse/messages/"
    )
    error_message = "Messages or requests are not events."
  }
}

run "an_existing_lake_bucket_is_not_changed" {
  variables {
    loaders     = { tasks = 1 }
    lake_bucket = { create = false, name = "shop-lake" }
  }
  assert {
    condition     = length(aws_s3_bucket_notification.lake) == 0 && jsondecode(aws_cloudwatch_event_rule.loaders[0].event_pattern).detail.bucket.name == ["shop-lake"]
    error_message = "An existing bucket was changed, or its requests are ignored."
  }
}

run "more_tasks_than_a_rule_starts" {
  command = plan
  variables {
    loaders = { tasks = 11 }
  }
  expect_failures = [var.loaders]
}

run "half_a_task" {
  command = plan
  variables {
    loaders = { tasks = 1.5 }
  }
  expect_failures = [var.loaders]
}

run "loaders_without_fargate" {
  command = plan
  variables {
    runner  = "lambda"
    fargate = null
    loaders = { tasks = 1 }
  }
  expect_failures = [var.loaders]
}

run "loaders_for_runs_that_share_no_parts" {
  command = plan
  variables {
    loaders  = { tasks = 1 }
    settings = { ETL__RUN__LOADERS = "0" }
  }
  expect_failures = [var.loaders]
}

run "memory_that_fargate_does_not_offer_for_a_loader" {
  command = plan
  variables {
    loaders = { tasks = 1, cpu = 1024, memory_mb = 512 }
  }
  expect_failures = [var.loaders]
}

run "requests_elsewhere" {
  command = plan
  variables {
    settings = { ETL__LOADERS__REQUESTSURI = "s3://other/loaders" }
  }
  expect_failures = [var.settings]
}
