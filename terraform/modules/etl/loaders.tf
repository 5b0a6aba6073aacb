# Further Fargate tasks that load parts of a run. A run reaches no service that starts tasks, so it writes an object to the lake
# whose name is its ID; the event starts the tasks, which end when no part is left. Without a run nothing of it is billed.
locals {
  loaders          = var.loaders.tasks > 0 ? 1 : 0
  loader_prefix    = "${local.lake_prefix}loaders/"
  loader_objects   = "${local.lake_bucket_arn}/${local.loader_prefix}*"
  loader_keep_days = 1
  loader_settings  = local.loaders == 0 ? {} : { ETL__LOADERS__REQUESTSURI = "s3://${local.buckets.lake.name}/${local.loader_prefix}" }

  loader_request_statement = {
    Sid      = "RequestLoaders"
    Effect   = "Allow"
    Action   = "s3:PutObject"
    Resource = local.loader_objects
  }
  # Reads parts and extensions, and logs in to the database. It writes no object and sends no message.
  loader_statements = concat(
    [local.source_statement, local.login_statement],
    [merge(local.key_statement, {
      Action    = "kms:Decrypt"
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${local.suffix}" } }
    })],
    local.extension_statements,
  )
}

resource "aws_cloudwatch_event_rule" "loaders" {
  count = local.loaders

  name        = "${var.name}-loaders"
  description = "A run requests loaders for its parts"
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.buckets.lake.name] }
      object = { key = [{ prefix = local.loader_prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "loaders" {
  count = local.loaders

  rule     = aws_cloudwatch_event_rule.loaders[0].name
  arn      = aws_ecs_cluster.etl[0].arn
  role_arn = aws_iam_role.loader_start[0].arn

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.loader[0].arn
    task_count          = var.loaders.tasks
    launch_type         = "FARGATE"
    network_configuration {
      subnets         = local.subnet_ids
      security_groups = [aws_security_group.runner.id]
    }
  }

  # Without --json: the metric filter would take a loader that fails for the outcome of a run.
  input_transformer {
    input_paths    = { bucket = "$.detail.bucket.name", key = "$.detail.object.key" }
    input_template = "{\"containerOverrides\":[{\"name\":\"etl\",\"command\":[\"load\",\"--request\",\"s3://<bucket>/<key>\"]}]}"
  }

  # A loader that comes after the load has nothing to do.
  retry_policy {
    maximum_retry_attempts       = 3
    maximum_event_age_in_seconds = 300
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_ecs_task_definition" "loader" {
  count = local.loaders

  family                   = "${var.name}-loader"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.loaders.cpu
  memory                   = var.loaders.memory_mb
  task_role_arn            = aws_iam_role.loader[0].arn
  execution_role_arn       = aws_iam_role.task_start[0].arn
  container_definitions    = jsonencode([merge(local.container, { command = ["load"] })])

  volume {
    name = "tmp"
  }
}

resource "aws_iam_role" "loader" {
  count = local.loaders

  name               = "${local.global_name}-loader"
  description        = "Loads parts of a run as a Fargate task"
  assume_role_policy = jsonencode(local.trust["ecs-tasks"])
}

resource "aws_iam_role_policy" "loader" {
  count = local.loaders

  name   = "load"
  role   = aws_iam_role.loader[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.loader_statements })
}

resource "aws_iam_role" "loader_start" {
  count = local.loaders

  name               = "${local.global_name}-loader-start"
  description        = "Starts loaders when a run requests them"
  assume_role_policy = jsonencode(local.trust.events)
}

resource "aws_iam_role_policy" "loader_start" {
  count = local.loaders

  name   = "start"
  role   = aws_iam_role.loader_start[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.start_statements.loader })
}
