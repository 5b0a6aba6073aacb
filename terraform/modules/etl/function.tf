locals {
  # A constant list, so that validation can reject a setting that would be overwritten.
  own_settings = [
    "ETL__SOURCE__URI", "ETL__LAKE__URI", "ETL__NOTIFY__TOPICARN", "ETL__NOTIFY__MESSAGESURI", "ETL__SCHEDULE__TIMEZONE", "ETL__S3__KMSKEYID",
    "ETL__POSTGRES__CONNECTIONSTRING", "ETL__POSTGRES__USEIAMAUTHENTICATION", "ETL__POSTGRES__ROOTCERTIFICATE",
    "ETL__EXTENSIONS__DIRECTORY", "ETL__LOADERS__REQUESTSURI",
  ]

  # settings can change these. A database that pauses resumes at the first connection of a start.
  defaults = merge(
    var.idle == "zero" ? { ETL__POSTGRES__CONNECTSECONDS = "90" } : {},
    local.catalog == 1 ? { ETL__LAKE__FORMATS__0 = "Parquet" } : {},
    local.loaders == 1 ? { ETL__RUN__LOADERS = "1" } : {},
  )
  variables = merge(local.defaults, var.settings, local.environment)

  # Settings that follow from the resources of this deployment; see docs/configuration.md.
  environment = merge(
    {
      ETL__SOURCE__URI                    = local.source_uri
      ETL__LAKE__URI                      = local.lake_uri
      ETL__SCHEDULE__TIMEZONE             = var.schedule.time_zone
      ETL__POSTGRES__CONNECTIONSTRING     = "Host=${local.database.host};Port=${local.database.port};Database=${local.database.name};Username=${var.database_user};SSL Mode=VerifyFull"
      ETL__POSTGRES__USEIAMAUTHENTICATION = "true"
    },
    var.database_root_certificate == null ? {} : { ETL__POSTGRES__ROOTCERTIFICATE = var.database_root_certificate },
    local.relay == 1 ? { ETL__NOTIFY__MESSAGESURI = local.message_uri } : { ETL__NOTIFY__TOPICARN = local.topic_arn },
    local.key_settings,
    local.extension_settings,
    local.loader_settings,
  )
  lake_key_arn = var.lake_bucket.create ? (var.bucket_encryption == "aws:kms" ? aws_kms_key.etl.arn : null) : var.lake_bucket.kms_key_arn
  key_settings = local.lake_key_arn == null ? {} : { ETL__S3__KMSKEYID = local.lake_key_arn }
}

resource "aws_lambda_function" "etl" {
  function_name = var.name
  description   = "Daily pipeline: extract, stage, transform, publish, export, notify"
  role          = aws_iam_role.function.arn

  package_type  = "Image"
  image_uri     = var.image
  architectures = ["x86_64"]
  # Each deployed image stays recorded as a version, so that a roll-back finds the previous one.
  publish = true

  memory_size                    = var.function.memory_mb
  timeout                        = var.function.timeout_seconds
  reserved_concurrent_executions = var.function.reserved_concurrency

  ephemeral_storage {
    size = var.function.ephemeral_storage_mb
  }

  environment {
    variables = local.variables
  }

  vpc_config {
    subnet_ids         = local.subnet_ids
    security_group_ids = [aws_security_group.runner.id]
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.etl.name
    application_log_level = var.function.log_level
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = var.function.tracing ? "Active" : "PassThrough"
  }

  # Lambda validates the role's permissions when it creates the function.
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_lambda_function_event_invoke_config" "etl" {
  function_name                = aws_lambda_function.etl.function_name
  maximum_retry_attempts       = var.invocation.retries
  maximum_event_age_in_seconds = var.invocation.max_event_age_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_runs.arn
    }
  }
}
