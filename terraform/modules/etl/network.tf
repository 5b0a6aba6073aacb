# Private subnets without a route to the internet: S3 through a gateway endpoint (free), SNS through an interface endpoint,
# and for Fargate also the registry and the logs. A NAT gateway would cost more than everything else (docs/decisions).
locals {
  own_network     = var.existing_network == null
  vpc_id          = local.own_network ? aws_vpc.etl[0].id : var.existing_network.vpc_id
  subnet_ids      = local.own_network ? aws_subnet.private[*].id : var.existing_network.subnet_ids
  route_table_ids = local.own_network ? [aws_route_table.private[0].id] : var.existing_network.route_table_ids
  endpoints       = local.own_network ? { s3 = "new", sns = "new", fargate = "new" } : var.existing_network.endpoints

  # With a relay the VPC does not reach SNS.
  sns_way = local.relay == 1 ? [] : [local.endpoints.sns]
  interfaces = concat(
    contains(local.sns_way, "new") ? ["sns"] : [],
    var.fargate != null && local.endpoints.fargate == "new" ? ["ecr.api", "ecr.dkr", "logs"] : [],
  )
  # How the services other than S3 are reached; each way has its rule in security-groups.tf.
  service_ways = toset(concat(local.sns_way, var.fargate == null ? [] : [local.endpoints.fargate]))
  # An interface endpoint is billed by hour and zone, so it has as many zones as the database.
  interface_subnet_ids = slice(local.subnet_ids, 0, var.database.multi_az ? 2 : 1)
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_ec2_managed_prefix_list" "s3" {
  name = "com.amazonaws.${local.region}.s3"
}

data "aws_vpc" "existing" {
  count = local.own_network ? 0 : 1
  id    = var.existing_network.vpc_id
}

resource "aws_vpc" "etl" {
  count = local.own_network ? 1 : 0

  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

# No rules: a resource without a security group of its own gets no traffic.
resource "aws_default_security_group" "none" {
  count  = local.own_network ? 1 : 0
  vpc_id = aws_vpc.etl[0].id
}

resource "aws_subnet" "private" {
  count = local.own_network ? 2 : 0

  vpc_id            = aws_vpc.etl[0].id
  cidr_block        = cidrsubnet(var.vpc_cidr, 2, count.index)
  availability_zone = coalesce(var.availability_zones, data.aws_availability_zones.available.names)[count.index]
  tags              = { Name = "${var.name}-private-${count.index}" }
}

resource "aws_route_table" "private" {
  count  = local.own_network ? 1 : 0
  vpc_id = aws_vpc.etl[0].id
  tags   = { Name = "${var.name}-private" }
}

resource "aws_route_table_association" "private" {
  count = local.own_network ? 2 : 0

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[0].id
}

resource "aws_vpc_endpoint" "s3" {
  count = local.endpoints.s3 == "new" ? 1 : 0

  vpc_id            = local.vpc_id
  service_name      = "com.amazonaws.${local.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = local.route_table_ids
  policy            = local.own_network ? jsonencode(local.s3_endpoint_policy) : null
  tags              = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.interfaces)

  vpc_id              = local.vpc_id
  service_name        = "com.amazonaws.${local.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = local.interface_subnet_ids
  security_group_ids  = [aws_security_group.endpoints[0].id]
  policy              = local.own_network && each.key == "sns" ? jsonencode(local.sns_endpoint_policy) : null
  tags                = { Name = "${var.name}-${each.key}" }
}

locals {
  # The endpoint policies allow the deployment's topic and buckets only. With Fargate they also allow the bucket in which AWS
  # keeps the layers of the registry's images.
  sns_endpoint_policy = {
    Version   = "2012-10-17"
    Statement = [{ Sid = "TopicOfThePipeline", Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = local.topic_arn }]
  }
  s3_endpoint_policy = {
    Version = "2012-10-17"
    Statement = [{
      Sid       = "BucketsOfThePipeline"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload"]
      Resource = concat(
        flatten([for arn in distinct(concat([local.source_bucket_arn, local.lake_bucket_arn], local.extension_folders[*].bucket_arn)) : [arn, "${arn}/*"]]),
        var.fargate == null ? [] : ["arn:${local.partition}:s3:::prod-${local.region}-starport-layer-bucket/*"],
      )
    }]
  }
}
