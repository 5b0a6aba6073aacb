# The same image as a Fargate task, for runs longer than 15 minutes and for manual commands inside the VPC.
locals {
  fargate = var.fargate == null ? 0 : 1
  # The values of memory_mb that Fargate offers for each cpu.
  fargate_memory = {
    "256"  = [512, 1024, 2048], "512" = range(1024, 4097, 1024), "1024" = range(2048, 8193, 1024), "2048" = range(4096, 16385, 1024),
    "4096" = range(8192, 30721, 1024), "8192" = range(16384, 61441, 4096), "16384" = range(32768, 122881, 8192)
  }

  registry     = regex("^(?P<account>[0-9]+)\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.[a-z.]+/(?P<name>[^@:]+)", var.image)
  registry_arn = "arn:${local.partition}:ecr:${local.registry.region}:${local.registry.account}:repository/${local.registry.name}"

  # Who starts a task may start no other one, and pass its roles only.
  start_statements = { for what, task in {
    run    = { definitions = aws_ecs_task_definition.etl, roles = aws_iam_role.task }
    loader = { definitions = aws_ecs_task_definition.loader, roles = aws_iam_role.loader }
    } : what => concat(
    [for definition in task.definitions : {
      Sid       = "StartTask"
      Effect    = "Allow"
      Action    = "ecs:RunTask"
      Resource  = "${definition.arn_without_revision}:*"
      Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.etl[0].arn } }
    }],
    [for role in task.roles : {
      Sid       = "PassRolesToTask"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = [role.arn, aws_iam_role.task_start[0].arn]
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    }],
  ) }

  container = {
    name                   = "etl"
    image                  = var.image
    essential              = true
    entryPoint             = ["/app/etl"]
    readonlyRootFilesystem = true
    stopTimeout            = 120
    environment            = [for key, value in local.variables : { name = key, value = value }]
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.etl.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "task"
      }
    }
  }
}

resource "aws_ecs_cluster" "etl" {
  count = local.fargate
  name  = var.name
}

resource "aws_ecs_task_definition" "etl" {
  count = local.fargate

  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.fargate.cpu
  memory                   = var.fargate.memory_mb
  task_role_arn            = aws_iam_role.task[0].arn
  execution_role_arn       = aws_iam_role.task_start[0].arn
  container_definitions    = jsonencode([merge(local.container, { command = ["run", "--json"] })])

  volume {
    name = "tmp"
  }
}

resource "aws_iam_role" "task" {
  count = local.fargate

  name               = "${local.global_name}-task"
  description        = "Runs the pipeline as a Fargate task"
  assume_role_policy = jsonencode(local.trust["ecs-tasks"])
}

resource "aws_iam_role_policy" "task" {
  count = local.fargate

  name   = "run"
  role   = aws_iam_role.task[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.run_statements })
}

resource "aws_iam_role" "task_start" {
  count = local.fargate

  name               = "${local.global_name}-task-start"
  description        = "Lets Fargate pull the image and write the log"
  assume_role_policy = jsonencode(local.trust["ecs-tasks"])
}

resource "aws_iam_role_policy" "task_start" {
  count = local.fargate

  name = "start"
  role = aws_iam_role.task_start[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PullImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = local.registry_arn
      },
      {
        # GetAuthorizationToken has no resource-level permissions.
        Sid      = "LogInToRegistry"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      local.log_statement,
    ]
  })
}
