# Permissions of the roles, read from their policy documents.
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
  image          = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  fargate        = {}
  marker_trigger = true
  source_bucket  = { prefix = "shop/incoming" }
  lake_bucket    = { prefix = "warehouse" }
  function       = { tracing = true }
}

run "a_run_has_exactly_these_permissions" {
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.task[0].policy).Statement : statement.Sid => [statement.Effect, statement.Action, statement.Resource] } == {
      ReadSource                      = ["Allow", ["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::etl-source-123456789012-eu-central-1/shop/incoming/*"]
      WriteLake                       = ["Allow", ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"], "arn:aws:s3:::etl-lake-123456789012-eu-central-1/warehouse/analytics_export/*"]
      DistinguishMissingFromForbidden = ["Allow", "s3:ListBucket", ["arn:aws:s3:::etl-source-123456789012-eu-central-1", "arn:aws:s3:::etl-lake-123456789012-eu-central-1"]]
      PublishOutcome                  = ["Allow", "sns:Publish", "arn:aws:sns:eu-central-1:123456789012:etl"]
      LogInToDatabase                 = ["Allow", "rds-db:connect", "arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ/etl_loader"]
      UseKeyThroughServices           = ["Allow", ["kms:Decrypt", "kms:GenerateDataKey"], ["arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111"]]
    }
    error_message = "The permissions of a run changed."
  }
  assert {
    condition     = toset([for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Sid]) == toset(concat([for statement in jsondecode(aws_iam_role_policy.task[0].policy).Statement : statement.Sid], ["WriteLog", "KeepFailedInvocations", "JoinNetwork", "DenyNetworkChangesByCode", "Trace"]))
    error_message = "The function has permissions beyond those of a run and those that Lambda requires."
  }
  assert {
    condition     = [for statement in local.run_statements : statement.Condition.StringLikeIfExists["s3:prefix"] if statement.Sid == "DistinguishMissingFromForbidden"][0] == ["shop/incoming/*", "warehouse/analytics_export/*"]
    error_message = "The role can list other prefixes."
  }
  assert {
    condition     = [for statement in local.run_statements : statement.Condition.StringEquals["kms:ViaService"] if statement.Sid == "UseKeyThroughServices"][0] == ["s3.eu-central-1.amazonaws.com", "sns.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com"]
    error_message = "The role can use the key without going through a service."
  }
}

run "every_statement_names_its_resource_if_aws_supports_it" {
  assert {
    condition = toset(flatten([
      for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.task[0].policy, aws_iam_role_policy.task_start[0].policy] : [
        for statement in jsondecode(policy).Statement : statement.Sid if contains(flatten([statement.Resource]), "*")
      ]
    ])) == toset(["JoinNetwork", "DenyNetworkChangesByCode", "Trace", "LogInToRegistry"])
    error_message = "A statement has \"*\" although AWS supports a narrower resource."
  }
  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.task[0].policy, aws_iam_role_policy.task_start[0].policy] : [
        for statement in jsondecode(policy).Statement : [for action in flatten([statement.Action]) : !strcontains(action, "*")]
      ]
    ]))
    error_message = "An action contains a wildcard."
  }
}

run "a_run_cannot_delete_objects_or_write_to_the_source" {
  assert {
    condition = length(flatten([
      for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.task[0].policy] : [
        for statement in jsondecode(policy).Statement : [for action in flatten([statement.Action]) : action if can(regex("^s3:(Delete|Bypass|PutObjectRetention|PutBucket|PutLifecycle)", action))]
      ]
    ])) == 0
    error_message = "A run can delete objects."
  }
  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.task[0].policy] : [
        for statement in jsondecode(policy).Statement : [for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::etl-lake-123456789012-eu-central-1/warehouse/analytics_export/")]
        if contains(flatten([statement.Action]), "s3:PutObject")
      ]
    ]))
    error_message = "A run can write outside its exports."
  }
}

run "a_role_is_assumed_by_one_service_of_this_account" {
  assert {
    condition = (
      jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement[0].Principal == { Service = "scheduler.amazonaws.com" } &&
      jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } } &&
      jsondecode(aws_iam_role.task[0].assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" } &&
      jsondecode(aws_iam_role.function.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    )
    error_message = "A role can be assumed by another service, or on behalf of another account."
  }
}

run "the_schedule_can_start_only_the_function" {
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.scheduler.policy).Statement : statement.Sid => [statement.Action, statement.Resource] } == {
      StartFunction   = ["lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:123456789012:function:etl"]
      SendDeadLetters = ["sqs:SendMessage", "arn:aws:sqs:eu-central-1:123456789012:etl-dead-letters"]
      UseKey          = [["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111"]
    }
    error_message = "The permissions of the schedule changed."
  }
}

run "with_fargate_the_schedule_can_start_only_the_task" {
  variables {
    runner = "fargate"
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.scheduler.policy).Statement : statement.Sid => statement.Condition if can(statement.Condition) } == {
      StartTask       = { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:eu-central-1:123456789012:cluster/etl" } }
      PassRolesToTask = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    }
    error_message = "The schedule can start other tasks or pass roles to other services."
  }
}

run "the_key_policy_allows_only_services_of_this_account" {
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.etl.policy).Statement : contains(["Administration", "EventBridge"], statement.Sid) ? true : try(
        statement.Condition.StringEquals["aws:SourceAccount"] == "123456789012",
        statement.Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"] == "arn:aws:logs:eu-central-1:123456789012:log-group:/etl/etl"
      )
    ])
    error_message = "A service can use the key on behalf of another account."
  }
  assert {
    condition     = jsondecode(aws_kms_key.etl.policy).Statement[0].Principal == { AWS = "arn:aws:iam::123456789012:root" }
    error_message = "The key is administered by another account."
  }
}

run "deliveries_of_rules_can_use_the_key_without_a_source_account" {
  assert {
    condition = [for statement in jsondecode(aws_kms_key.etl.policy).Statement : statement if strcontains(jsonencode(statement.Principal), "events.amazonaws.com")] == [{
      Sid    = "EventBridge", Effect = "Allow", Principal = { Service = "events.amazonaws.com" }
      Action = ["kms:Decrypt", "kms:GenerateDataKey*"], Resource = "*"
    }]
    error_message = "EventBridge passes no aws:SourceAccount: its deliveries to the encrypted queue and topic would be lost."
  }
}
