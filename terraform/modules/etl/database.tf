locals {
  own_database = var.existing_database == null
  # A new database is one of these two; see database-instance.tf and database-cluster.tf.
  instance = local.own_database && var.idle == "ready" ? 1 : 0
  cluster  = local.own_database && var.idle == "zero" ? 1 : 0

  database_admin = "etl_admin"
  new_databases = concat(
    [for instance in aws_db_instance.etl : { host = instance.address, resource_id = instance.resource_id, master_user_secret = instance.master_user_secret }],
    [for cluster in aws_rds_cluster.etl : { host = cluster.endpoint, resource_id = cluster.cluster_resource_id, master_user_secret = cluster.master_user_secret }],
  )

  # The same attributes for a created and for an existing database.
  database = local.own_database ? {
    host              = local.new_databases[0].host
    port              = 5432
    name              = var.database.name
    resource_id       = local.new_databases[0].resource_id
    security_group_id = aws_security_group.database[0].id
    master_secret     = one(local.new_databases[0].master_user_secret[*].secret_arn)
    } : {
    host              = var.existing_database.host
    port              = var.existing_database.port
    name              = var.existing_database.name
    resource_id       = var.existing_database.resource_id
    security_group_id = var.existing_database.security_group_id
    master_secret     = null
  }

  # Without this RDS enables extended support by itself, which costs more than the default instance.
  lifecycle_support = var.database.extended_support ? "open-source-rds-extended-support" : "open-source-rds-extended-support-disabled"
  # UTC, hours before the daily run. RDS requires that the two windows do not overlap.
  backup_window      = "02:00-02:30"
  maintenance_window = "sun:03:00-sun:04:00"
  certificate        = "rds-ca-rsa2048-g1"
}

resource "aws_db_subnet_group" "etl" {
  count = local.own_database ? 1 : 0

  name       = var.name
  subnet_ids = local.subnet_ids
}
