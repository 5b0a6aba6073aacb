# idle = "ready": an instance that is always on.
resource "aws_db_parameter_group" "etl" {
  count = local.instance

  name   = "${var.name}-postgres${var.database.engine_version}"
  family = "postgres${var.database.engine_version}"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "etl" {
  count = local.instance

  identifier     = var.name
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = var.database.instance_class
  multi_az       = var.database.multi_az

  db_name                             = var.database.name
  username                            = local.database_admin
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.etl.arn
  iam_database_authentication_enabled = true
  parameter_group_name                = aws_db_parameter_group.etl[0].name
  ca_cert_identifier                  = local.certificate

  db_subnet_group_name   = aws_db_subnet_group.etl[0].name
  vpc_security_group_ids = [aws_security_group.database[0].id]
  publicly_accessible    = false

  storage_type          = "gp3"
  allocated_storage     = var.database.storage_gb
  max_allocated_storage = var.database.max_storage_gb
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.etl.arn

  backup_retention_period    = var.database.backup_days
  backup_window              = local.backup_window
  maintenance_window         = local.maintenance_window
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true

  allow_major_version_upgrade     = var.database.allow_major_version_upgrade
  apply_immediately               = var.database.apply_immediately
  enabled_cloudwatch_logs_exports = var.database.log_exports
  engine_lifecycle_support        = local.lifecycle_support

  performance_insights_enabled    = var.database.performance_insights
  performance_insights_kms_key_id = var.database.performance_insights ? aws_kms_key.etl.arn : null

  deletion_protection       = !var.allow_destroy
  skip_final_snapshot       = var.allow_destroy
  final_snapshot_identifier = var.allow_destroy ? null : "${var.name}-final"
}
