# idle = "zero": an Aurora Serverless cluster that pauses between runs. It resumes at a connection, in 15 seconds or, after a
# pause of a day, in 30 and more.
resource "aws_rds_cluster_parameter_group" "etl" {
  count = local.cluster

  name   = "${var.name}-aurora-postgresql${var.database.engine_version}"
  family = "aurora-postgresql${var.database.engine_version}"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # A cluster with an open connection or with logical replication does not pause. A session that is idle for longer than a run
  # can take was forgotten.
  parameter {
    name  = "idle_session_timeout"
    value = "900000"
  }

  parameter {
    name         = "rds.logical_replication"
    value        = "0"
    apply_method = "pending-reboot"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_rds_cluster" "etl" {
  count = local.cluster

  cluster_identifier = var.name
  engine             = "aurora-postgresql"
  engine_version     = var.database.engine_version

  serverlessv2_scaling_configuration {
    min_capacity             = 0
    max_capacity             = var.database.max_acu
    seconds_until_auto_pause = var.database.pause_seconds
  }

  database_name                       = var.database.name
  master_username                     = local.database_admin
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.etl.arn
  iam_database_authentication_enabled = true
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.etl[0].name

  db_subnet_group_name   = aws_db_subnet_group.etl[0].name
  vpc_security_group_ids = [aws_security_group.database[0].id]

  storage_encrypted = true
  kms_key_id        = aws_kms_key.etl.arn

  backup_retention_period      = var.database.backup_days
  preferred_backup_window      = local.backup_window
  preferred_maintenance_window = local.maintenance_window
  copy_tags_to_snapshot        = true

  allow_major_version_upgrade     = var.database.allow_major_version_upgrade
  apply_immediately               = var.database.apply_immediately
  enabled_cloudwatch_logs_exports = var.database.log_exports
  engine_lifecycle_support        = local.lifecycle_support

  deletion_protection       = !var.allow_destroy
  skip_final_snapshot       = var.allow_destroy
  final_snapshot_identifier = var.allow_destroy ? null : "${var.name}-final"
}

resource "aws_rds_cluster_instance" "etl" {
  count = local.cluster == 0 ? 0 : var.database.multi_az ? 2 : 1

  identifier          = "${var.name}-${count.index}"
  cluster_identifier  = aws_rds_cluster.etl[0].id
  engine              = aws_rds_cluster.etl[0].engine
  engine_version      = aws_rds_cluster.etl[0].engine_version
  instance_class      = "db.serverless"
  publicly_accessible = false
  ca_cert_identifier  = local.certificate
  # An instance of this tier has the capacity of the writer, so that it can replace it.
  promotion_tier = 0

  preferred_maintenance_window = local.maintenance_window
  auto_minor_version_upgrade   = true
  apply_immediately            = var.database.apply_immediately
  copy_tags_to_snapshot        = true

  performance_insights_enabled    = var.database.performance_insights
  performance_insights_kms_key_id = var.database.performance_insights ? aws_kms_key.etl.arn : null
}
