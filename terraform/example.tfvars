# Copy this file to terraform.tfvars, which is not committed, and change the values. inputs-and-outputs.md describes all variables
# and their defaults.

region        = "eu-central-1"
name          = "etl"
environment   = "production"
notify_emails = ["data@example.com"]

schedule = {
  cron      = "0 6 * * ? *"
  time_zone = "Europe/Berlin"
}

# The snapshot of each day is in incoming/yyyy-MM-dd/.
source_bucket = {
  prefix = "incoming"
  dated  = true
}

# "zero" pauses the database between runs.
idle = "ready"

database = {
  instance_class = "db.t4g.micro"
  multi_az       = false
}

settings = {
  ETL__QUALITY__MAXREJECTEDPERCENT = "1"
}

# Your own datasets and analytics tables, and tables for Athena:
#
# extensions   = { directory = "s3://shop-code/extensions" }
# glue_catalog = { first_day = "2026-01-31", tables = { returns_by_month = ["return_month date", "refund numeric(20, 2)"] } }
#
# Existing resources are used without being changed:
#
# source_bucket     = { name = "shop-drop", create = false, prefix = "daily" }
# existing_network  = { vpc_id = "vpc-0a1b", subnet_ids = ["subnet-0a", "subnet-0b"], route_table_ids = ["rtb-0c"] }
# existing_database = { host = "shop.abc.eu-central-1.rds.amazonaws.com", name = "shop", resource_id = "db-ABC", security_group_id = "sg-0d" }
#
# For runs longer than 15 minutes:
#
# fargate = { cpu = 2048, memory_mb = 4096 }
# runner  = "fargate"
