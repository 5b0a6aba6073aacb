data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  suffix    = data.aws_partition.current.dns_suffix
  region    = data.aws_region.current.id

  # Names of buckets, roles and budgets are not regional, so that one deployment for each region needs the region in them.
  global_name = "${var.name}-${local.region}"

  # Computed names, because the key policy names the log group and the log group names the key.
  function_arn  = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}"
  log_group     = "/etl/${var.name}"
  log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group}"
  topic_arn     = "arn:${local.partition}:sns:${local.region}:${local.account}:${var.name}"
}
