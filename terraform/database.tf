locals {
  own_database = var.existing_database == null

  # The same attributes for a created and for an existing database.
  database = local.own_database ? {
    host              = aws_db_instance.etl[0].address
    port              = 5432
    name              = var.database.name
    resource_id       = aws_db_instance.etl[0].resource_id
    security_group_id = aws_security_group.database[0].id
    } : {
    host              = var.existing_database.host
    port              = var.existing_database.port
    name              = var.existing_database.name
    resource_id       = var.existing_database.resource_id
    security_group_id = var.existing_database.security_group_id
  }
}

resource "aws_db_subnet_group" "etl" {
  count = local.own_database ? 1 : 0

  name       = var.name
  subnet_ids = local.subnet_ids
}

resource "aws_db_parameter_group" "etl" {
  count = local.own_database ? 1 : 0

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
  count = local.own_database ? 1 : 0

  identifier     = var.name
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = var.database.instance_class
  multi_az       = var.database.multi_az

  db_name                             = var.database.name
  username                            = "etl_admin"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.etl.arn
  iam_database_authentication_enabled = true
  parameter_group_name                = aws_db_parameter_group.etl[0].name
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"

  db_subnet_group_name   = aws_db_subnet_group.etl[0].name
  vpc_security_group_ids = [aws_security_group.database[0].id]
  publicly_accessible    = false

  storage_type          = "gp3"
  allocated_storage     = var.database.storage_gb
  max_allocated_storage = var.database.max_storage_gb
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.etl.arn

  # UTC, hours before the daily run. RDS requires that the two windows do not overlap.
  backup_retention_period    = var.database.backup_days
  backup_window              = "02:00-02:30"
  maintenance_window         = "sun:03:00-sun:04:00"
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true

  allow_major_version_upgrade     = var.database.allow_major_version_upgrade
  apply_immediately               = var.database.apply_immediately
  enabled_cloudwatch_logs_exports = var.database.log_exports
  # Without this RDS enables extended support by itself, which costs more than the default instance.
  engine_lifecycle_support = var.database.extended_support ? "open-source-rds-extended-support" : "open-source-rds-extended-support-disabled"

  performance_insights_enabled    = var.database.performance_insights
  performance_insights_kms_key_id = var.database.performance_insights ? aws_kms_key.etl.arn : null

  deletion_protection       = !var.allow_destroy
  skip_final_snapshot       = var.allow_destroy
  final_snapshot_identifier = var.allow_destroy ? null : "${var.name}-final"
}
