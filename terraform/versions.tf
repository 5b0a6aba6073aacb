terraform {
  # 1.9 is the first version in which a validation can refer to other variables.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exact, because the lock file is not committed: its hashes depend on where the provider was fetched.
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = merge({ application = var.name, environment = var.environment, managed-by = "terraform" }, var.tags)
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  suffix    = data.aws_partition.current.dns_suffix

  # Names of buckets, roles and budgets are not regional, so that one deployment for each region needs the region in them.
  global_name = "${var.name}-${var.region}"

  # Computed names, because the key policy names the log group and the log group names the key.
  function_arn  = "arn:${local.partition}:lambda:${var.region}:${local.account}:function:${var.name}"
  log_group     = "/etl/${var.name}"
  log_group_arn = "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:${local.log_group}"
  topic_arn     = "arn:${local.partition}:sns:${var.region}:${local.account}:${var.name}"
}
