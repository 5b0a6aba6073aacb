# idle = "zero": no resource is billed by the hour between runs.
mock_provider "aws" {
  source = "./tests/mocks"
}

override_resource {
  target = aws_lambda_function.relay
  values = {
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:etl-relay"
  }
}

variables {
  image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  idle  = "zero"
}

run "the_database_pauses" {
  assert {
    condition = (
      aws_rds_cluster.etl[0].serverlessv2_scaling_configuration[0].min_capacity == 0 && aws_rds_cluster.etl[0].serverlessv2_scaling_configuration[0].seconds_until_auto_pause == 300 &&
      [for instance in aws_rds_cluster_instance.etl : instance.instance_class] == ["db.serverless"] && length(aws_db_instance.etl) == 0
    )
    error_message = "A database is billed while no run is at work."
  }
  assert {
    condition = { for parameter in aws_rds_cluster_parameter_group.etl[0].parameter : parameter.name => parameter.value } == {
      "rds.force_ssl" = "1", "idle_session_timeout" = "900000", "rds.logical_replication" = "0"
    }
    error_message = "A forgotten session or logical replication keeps the database from pausing, or connections without TLS are allowed."
  }
}

run "a_start_waits_until_the_database_has_resumed" {
  assert {
    condition     = aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTSECONDS == "90"
    error_message = "A start fails while the database resumes."
  }
}

run "the_wait_can_be_changed" {
  variables {
    settings = { ETL__POSTGRES__CONNECTSECONDS = "120" }
  }
  assert {
    condition     = aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTSECONDS == "120"
    error_message = "A start waits for another time than the one that is set."
  }
}

run "the_database_is_private_encrypted_and_protected" {
  assert {
    condition = (
      aws_rds_cluster.etl[0].storage_encrypted && aws_rds_cluster.etl[0].kms_key_id == aws_kms_key.etl.arn && aws_rds_cluster.etl[0].iam_database_authentication_enabled &&
      aws_rds_cluster.etl[0].manage_master_user_password && aws_rds_cluster.etl[0].master_password == null && !aws_rds_cluster_instance.etl[0].publicly_accessible
    )
    error_message = "The database is public, not encrypted with the deployment's key, or has its password in the state."
  }
  assert {
    condition     = aws_rds_cluster.etl[0].deletion_protection && !aws_rds_cluster.etl[0].skip_final_snapshot && aws_rds_cluster.etl[0].backup_retention_period == 7
    error_message = "The database is not protected against deletion."
  }
  assert {
    condition = (
      strcontains(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING, "Host=etl.cluster-abcdefghijkl.eu-central-1.rds.amazonaws.com;Port=5432;Database=shop;") &&
      [for statement in local.run_statements : statement.Resource if statement.Sid == "LogInToDatabase"][0] == "arn:aws:rds-db:eu-central-1:123456789012:dbuser:cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ/etl_loader"
    )
    error_message = "The pipeline cannot log in to the cluster."
  }
}

run "a_trial_can_be_destroyed" {
  variables {
    allow_destroy = true
  }
  assert {
    condition     = aws_rds_cluster.etl[0].skip_final_snapshot && !aws_rds_cluster.etl[0].deletion_protection
    error_message = "A trial cannot be destroyed."
  }
}

run "a_second_instance_can_replace_the_first" {
  variables {
    database = { multi_az = true }
  }
  assert {
    condition     = [for instance in aws_rds_cluster_instance.etl : instance.promotion_tier] == [0, 0]
    error_message = "The second instance does not exist, or has less capacity than the first."
  }
}

run "the_network_has_no_endpoint_that_is_billed" {
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0 && length(aws_vpc_security_group_egress_rule.runner_to_services) == 0 && length(aws_vpc_endpoint.s3) == 1
    error_message = "An interface endpoint is billed, or S3 is unreachable."
  }
}

run "messages_reach_the_topic_by_way_of_the_lake" {
  variables {
    lake_bucket = { prefix = "warehouse" }
  }
  assert {
    condition = (
      aws_lambda_function.etl.environment[0].variables.ETL__NOTIFY__MESSAGESURI == "s3://etl-lake-123456789012-eu-central-1/warehouse/messages/" &&
      !contains(keys(aws_lambda_function.etl.environment[0].variables), "ETL__NOTIFY__TOPICARN") &&
      setsubtract(keys(aws_lambda_function.etl.environment[0].variables), local.own_settings) == toset(["ETL__POSTGRES__CONNECTSECONDS"])
    )
    error_message = "The pipeline does not write its messages to the lake, or one of its settings can be overwritten."
  }
  assert {
    condition = (
      aws_lambda_function.relay[0].image_uri == var.image && aws_lambda_function.relay[0].image_config[0].command == tolist(["relay"]) && length(aws_lambda_function.relay[0].vpc_config) == 0 &&
      aws_lambda_function.relay[0].environment[0].variables == tomap({
        ETL__NOTIFY__MESSAGESURI = "s3://etl-lake-123456789012-eu-central-1/warehouse/messages/"
        ETL__NOTIFY__TOPICARN    = "arn:aws:sns:eu-central-1:123456789012:etl"
        ETL__S3__KMSKEYID        = aws_kms_key.etl.arn
      })
    )
    error_message = "The relay does not publish these messages, or is in the VPC, which does not reach SNS."
  }
  assert {
    condition = (
      aws_s3_bucket_notification.lake[0].lambda_function[0].lambda_function_arn == aws_lambda_function.relay[0].arn &&
      aws_s3_bucket_notification.lake[0].lambda_function[0].filter_prefix == "warehouse/messages/" && aws_s3_bucket_notification.lake[0].lambda_function[0].filter_suffix == ".json" &&
      aws_lambda_permission.relay[0].principal == "s3.amazonaws.com" && aws_lambda_permission.relay[0].source_arn == "arn:aws:s3:::etl-lake-123456789012-eu-central-1" && aws_lambda_permission.relay[0].source_account == "123456789012"
    )
    error_message = "A message does not start the relay, or another object or bucket does."
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.relay[0].destination_config[0].on_failure[0].destination == aws_sqs_queue.dead_letters.arn
    error_message = "A message that cannot be published is lost without an alarm."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.etl["lake"].rule : rule.filter[0].prefix if rule.id == "messages"] == ["warehouse/messages/"]
    error_message = "Published messages do not expire."
  }
}

run "pipeline_and_relay_have_exactly_these_permissions" {
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.relay[0].policy).Statement : statement.Sid => [statement.Effect, statement.Action, statement.Resource] } == {
      ReadMessages          = ["Allow", "s3:GetObject", "arn:aws:s3:::etl-lake-123456789012-eu-central-1/messages/*"]
      RecordPublished       = ["Allow", "s3:PutObject", "arn:aws:s3:::etl-lake-123456789012-eu-central-1/messages/sent/*"]
      PublishOutcome        = ["Allow", "sns:Publish", "arn:aws:sns:eu-central-1:123456789012:etl"]
      UseKeyThroughServices = ["Allow", ["kms:Decrypt", "kms:GenerateDataKey"], ["arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111"]]
      KeepFailedInvocations = ["Allow", "sqs:SendMessage", "arn:aws:sqs:eu-central-1:123456789012:etl-dead-letters"]
      WriteLog              = ["Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:eu-central-1:123456789012:log-group:/etl/etl:*"]
    }
    error_message = "The permissions of the relay changed."
  }
  assert {
    condition = { for statement in local.run_statements : statement.Sid => [statement.Action, statement.Resource] if contains(["WriteMessages", "PublishOutcome"], statement.Sid) } == {
      WriteMessages = [["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::etl-lake-123456789012-eu-central-1/messages/*"]
    }
    error_message = "The pipeline cannot write its messages, or can publish to the topic, which it cannot reach."
  }
}

run "alarms_on_an_instance_are_left_out" {
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.etl)) == toset(["duration", "throttles", "dead-letters", "no-outcome"])
    error_message = "There is an alarm on a metric that a paused database does not have."
  }
}

run "an_existing_database_can_be_used" {
  variables {
    existing_network  = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
    existing_database = { host = "db.example.com", name = "warehouse", resource_id = "cluster-ABC", security_group_id = "sg-9" }
    fargate           = null
  }
  assert {
    condition     = length(aws_rds_cluster.etl) == 0 && length(aws_vpc_endpoint.interface) == 0 && length(aws_lambda_function.relay) == 1
    error_message = "A second database or an endpoint of SNS was created."
  }
}

run "without_it_messages_are_published_directly" {
  variables {
    idle = "ready"
  }
  assert {
    condition     = length(aws_lambda_function.relay) == 0 && length(aws_s3_bucket_notification.lake) == 0 && aws_lambda_function.etl.environment[0].variables.ETL__NOTIFY__TOPICARN == "arn:aws:sns:eu-central-1:123456789012:etl"
    error_message = "There is a relay that has nothing to publish."
  }
}
