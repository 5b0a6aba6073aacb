# Traffic rules by reference to security groups; no rule allows an address outside the VPC,
# unless existing_network has no endpoint for a service.
resource "aws_security_group" "runner" {
  name        = "${var.name}-runner"
  description = "Pipeline, as a function or as a task"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-runner" }
}

resource "aws_vpc_security_group_egress_rule" "runner_to_database" {
  security_group_id            = aws_security_group.runner.id
  description                  = "PostgreSQL"
  referenced_security_group_id = local.database.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.database.port
  to_port                      = local.database.port
}

resource "aws_vpc_security_group_egress_rule" "runner_to_s3" {
  security_group_id = aws_security_group.runner.id
  description       = "S3"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.s3.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "runner_to_services" {
  for_each = local.service_ways

  security_group_id            = aws_security_group.runner.id
  description                  = { new = "AWS services through endpoints of this deployment", existing = "AWS services through endpoints of the VPC", none = "AWS services" }[each.key]
  referenced_security_group_id = each.key == "new" ? aws_security_group.endpoints[0].id : null
  cidr_ipv4                    = { new = null, existing = try(data.aws_vpc.existing[0].cidr_block, null), none = "0.0.0.0/0" }[each.key]
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_security_group" "endpoints" {
  count = contains(local.service_ways, "new") ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_runner" {
  count = contains(local.service_ways, "new") ? 1 : 0

  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Pipeline"
  referenced_security_group_id = aws_security_group.runner.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "database_from_runner" {
  security_group_id            = local.database.security_group_id
  description                  = "Pipeline ${var.name}"
  referenced_security_group_id = aws_security_group.runner.id
  ip_protocol                  = "tcp"
  from_port                    = local.database.port
  to_port                      = local.database.port
}

resource "aws_security_group" "database" {
  count = local.own_database ? 1 : 0

  name        = "${var.name}-database"
  description = "Database"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-database" }
}

# For administrators: a CloudShell in the VPC with this group reaches the database only. No bastion host is needed.
resource "aws_security_group" "admin" {
  count = local.own_database ? 1 : 0

  name        = "${var.name}-admin"
  description = "CloudShell of the database administrator"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-admin" }
}

resource "aws_vpc_security_group_egress_rule" "admin_to_database" {
  count = local.own_database ? 1 : 0

  security_group_id            = aws_security_group.admin[0].id
  description                  = "PostgreSQL"
  referenced_security_group_id = aws_security_group.database[0].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database_from_admin" {
  count = local.own_database ? 1 : 0

  security_group_id            = aws_security_group.database[0].id
  description                  = "CloudShell of the database administrator"
  referenced_security_group_id = aws_security_group.admin[0].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
