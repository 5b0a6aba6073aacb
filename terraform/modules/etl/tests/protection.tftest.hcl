# Encryption, access protection and protection against data loss.
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
  image         = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  notify_emails = ["data@example.com", "night@example.com"]
}

run "buckets_are_private_versioned_and_encrypted" {
  assert {
    condition = toset(keys(aws_s3_bucket.etl)) == toset(["lake", "source"]) && alltrue([
      for block in aws_s3_bucket_public_access_block.etl : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && length(aws_s3_bucket_public_access_block.etl) == 2
    error_message = "A bucket can be made public."
  }
  assert {
    condition = length(aws_s3_bucket_versioning.etl) == 2 && alltrue([
      for versioning in aws_s3_bucket_versioning.etl : versioning.versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket has no versioning."
  }
  assert {
    condition = length(aws_s3_bucket_server_side_encryption_configuration.etl) == 2 && alltrue([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.etl :
      one(encryption.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" &&
      one(encryption.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.etl.arn
    ])
    error_message = "A bucket is not encrypted with the deployment's key."
  }
  assert {
    condition = length(aws_s3_bucket_policy.etl) == 2 && alltrue([
      for policy in aws_s3_bucket_policy.etl :
      jsondecode(policy.policy).Statement[0].Effect == "Deny" && jsondecode(policy.policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } }
    ])
    error_message = "A bucket allows requests without TLS."
  }
  assert {
    condition = length(aws_s3_bucket_lifecycle_configuration.etl) == 2 && alltrue([
      for lifecycle in aws_s3_bucket_lifecycle_configuration.etl : lifecycle.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1
    ])
    error_message = "Parts of incomplete uploads do not expire."
  }
  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.etl : !bucket.force_destroy])
    error_message = "A bucket can be destroyed with its objects."
  }
}

run "buckets_can_use_keys_of_s3" {
  variables {
    bucket_encryption = "AES256"
  }
  assert {
    condition = alltrue([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.etl : one(encryption.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    ]) && !contains(keys(aws_lambda_function.etl.environment[0].variables), "ETL__S3__KMSKEYID")
    error_message = "The pipeline and the buckets use different encryption."
  }
}

run "exports_of_runs_expire_and_latest_never_does" {
  variables {
    lake_bucket = { prefix = "warehouse", keep_days = 400 }
  }
  assert {
    condition = (
      { for rule in aws_s3_bucket_lifecycle_configuration.etl["lake"].rule : rule.filter[0].prefix => rule.expiration[0].days if rule.id != "tidy" } == {
        "warehouse/analytics_export/business_date=" = 400
        "warehouse/analytics_export/tables/"        = 400
      } &&
      length(aws_s3_bucket_lifecycle_configuration.etl["source"].rule) == 1
    )
    error_message = "Objects other than the exports of runs expire."
  }
}

run "the_database_is_private_encrypted_and_protected" {
  assert {
    condition     = aws_db_instance.etl[0].storage_encrypted && aws_db_instance.etl[0].kms_key_id == aws_kms_key.etl.arn
    error_message = "The database is not encrypted with the deployment's key."
  }
  assert {
    condition     = !aws_db_instance.etl[0].publicly_accessible && aws_db_instance.etl[0].iam_database_authentication_enabled
    error_message = "The database is public, or does not support IAM authentication."
  }
  assert {
    condition     = aws_db_instance.etl[0].manage_master_user_password && aws_db_instance.etl[0].password == null
    error_message = "The state contains a password."
  }
  assert {
    condition     = one([for parameter in aws_db_parameter_group.etl[0].parameter : parameter.value if parameter.name == "rds.force_ssl"]) == "1"
    error_message = "The database allows connections without TLS."
  }
  assert {
    condition     = aws_db_instance.etl[0].deletion_protection && !aws_db_instance.etl[0].skip_final_snapshot && aws_db_instance.etl[0].backup_retention_period == 7
    error_message = "The database is not protected against deletion."
  }
}

run "the_pipeline_verifies_the_server_and_has_no_password" {
  assert {
    condition = (
      strcontains(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING, "SSL Mode=VerifyFull") &&
      strcontains(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING, "Host=etl.abcdefghijkl.eu-central-1.rds.amazonaws.com") &&
      !strcontains(lower(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING), "password") &&
      aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__USEIAMAUTHENTICATION == "true"
    )
    error_message = "The connection is not verified, or contains a password."
  }
  assert {
    condition     = toset(keys(aws_lambda_function.etl.environment[0].variables)) == setsubtract(local.own_settings, ["ETL__NOTIFY__MESSAGESURI", "ETL__EXTENSIONS__DIRECTORY", "ETL__LOADERS__REQUESTSURI"])
    error_message = "A setting of this configuration can be overwritten."
  }
  assert {
    condition     = aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__ROOTCERTIFICATE != ""
    error_message = "No root certificate is configured."
  }
}

run "topic_dead_letters_and_logs_are_encrypted" {
  assert {
    condition     = aws_sns_topic.etl.kms_master_key_id == aws_kms_key.etl.arn && aws_sqs_queue.dead_letters.kms_master_key_id == aws_kms_key.etl.arn && aws_sqs_queue.failed_runs.kms_master_key_id == aws_kms_key.etl.arn && aws_cloudwatch_log_group.etl.kms_key_id == aws_kms_key.etl.arn
    error_message = "Topic, dead-letter queue or logs are not encrypted with the deployment's key."
  }
  assert {
    condition     = aws_kms_key.etl.enable_key_rotation && aws_cloudwatch_log_group.etl.retention_in_days == 90
    error_message = "The key is not rotated, or logs do not expire."
  }
  assert {
    condition     = toset([for subscription in aws_sns_topic_subscription.email : subscription.endpoint]) == toset(["data@example.com", "night@example.com"])
    error_message = "An address is not subscribed."
  }
}

run "alarms_notify_the_topic" {
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.etl)) == toset(["duration", "throttles", "dead-letters", "no-outcome", "database-storage"])
    error_message = "An alarm is missing."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.etl : alarm.alarm_actions == toset([aws_sns_topic.etl.arn])])
    error_message = "An alarm does not notify the topic."
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.etl["no-outcome"].namespace == "Etl" && aws_cloudwatch_metric_alarm.etl["no-outcome"].metric_name == "OutcomeReported" &&
      aws_cloudwatch_metric_alarm.etl["no-outcome"].treat_missing_data == "breaching" &&
      aws_cloudwatch_metric_alarm.etl["no-outcome"].period * aws_cloudwatch_metric_alarm.etl["no-outcome"].evaluation_periods == 26 * 3600
    )
    error_message = "A day without an outcome raises no alarm."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["duration"].threshold == 480000
    error_message = "The duration alarm is not at 80 % of the time limit."
  }
}

run "a_failed_day_has_one_message" {
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.etl : length(coalesce(alarm.ok_actions, [])) == 0])
    error_message = "An alarm sends a second message when it ends."
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.etl :
      alarm.metric_name != "Errors" && !contains(values(coalesce(alarm.dimensions, {})), aws_sqs_queue.failed_runs.name)
    ])
    error_message = "An alarm repeats the message of a failed run."
  }
}

run "environments_of_one_account_have_their_own_outcome_metric" {
  variables {
    name = "shop-staging"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["no-outcome"].dimensions == tomap({ FunctionName = "shop-staging" })
    error_message = "A run of one environment silences the alarm of another."
  }
}

run "a_task_has_the_outcome_metric_of_its_environment" {
  variables {
    name    = "shop-staging"
    runner  = "fargate"
    fargate = {}
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.etl["no-outcome"].namespace == "Etl/shop-staging"
    error_message = "A run of one environment silences the alarm of another."
  }
}

run "a_trial_can_be_destroyed" {
  variables {
    allow_destroy = true
  }
  assert {
    condition     = aws_db_instance.etl[0].skip_final_snapshot && !aws_db_instance.etl[0].deletion_protection && alltrue([for bucket in aws_s3_bucket.etl : bucket.force_destroy])
    error_message = "A trial cannot be destroyed."
  }
}

run "names_that_are_not_regional_have_the_region" {
  assert {
    condition = alltrue([for name in concat(
      [for bucket in aws_s3_bucket.etl : bucket.bucket], [aws_iam_role.function.name, aws_iam_role.scheduler.name, aws_budgets_budget.monthly[0].name]
    ) : strcontains(name, "eu-central-1")])
    error_message = "A second deployment in another region of the account cannot be created."
  }
}

run "the_database_is_upgraded_only_on_request" {
  assert {
    condition = (
      !aws_db_instance.etl[0].allow_major_version_upgrade && !aws_db_instance.etl[0].apply_immediately &&
      aws_db_instance.etl[0].engine_lifecycle_support == "open-source-rds-extended-support-disabled"
    )
    error_message = "The database is upgraded, changed at once or billed for extended support without a request."
  }
}

run "the_database_can_be_upgraded" {
  variables {
    database      = { engine_version = "18", allow_major_version_upgrade = true, apply_immediately = true, extended_support = true, log_exports = ["postgresql"] }
    database_user = "shop_loader"
  }
  assert {
    condition = (
      aws_db_instance.etl[0].allow_major_version_upgrade && aws_db_instance.etl[0].apply_immediately &&
      aws_db_instance.etl[0].engine_lifecycle_support == "open-source-rds-extended-support" &&
      aws_db_instance.etl[0].enabled_cloudwatch_logs_exports == toset(["postgresql"])
    )
    error_message = "The database ignores its settings."
  }
  assert {
    condition     = strcontains(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING, "Username=shop_loader;") && endswith(output.database.master_secret, ":secret:rds!db-1") && strcontains(output.set_up_database, "--secret-id 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1'")
    error_message = "The function sets up another user than the one that the pipeline logs in as, or with another login."
  }
}
