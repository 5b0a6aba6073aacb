# Copy to terraform.tfvars (which stays out of version control) and change. Whatever is left out has a default; variables*.tf describe them all.

region        = "eu-central-1"
name          = "etl"
environment   = "production"
image_tag     = "1.0.0"
notify_emails = ["data@example.com"]

schedule = {
  cron      = "0 6 * * ? *"
  time_zone = "Europe/Berlin"
}

# The snapshots of each day lie in incoming/yyyy-MM-dd/.
source_bucket = {
  prefix = "incoming"
  dated  = true
}

database = {
  instance_class = "db.t4g.small"
  multi_az       = false
}

settings = {
  ETL__QUALITY__MAXREJECTEDPERCENT = "1"
}

# What exists already is taken as it is:
#
# source_bucket     = { name = "shop-drop", create = false, prefix = "daily" }
# existing_network  = { vpc_id = "vpc-0a1b", subnet_ids = ["subnet-0a", "subnet-0b"], route_table_ids = ["rtb-0c"] }
# existing_database = { host = "shop.abc.eu-central-1.rds.amazonaws.com", name = "shop", resource_id = "db-ABC", security_group_id = "sg-0d" }
#
# Runs that take longer than 15 minutes:
#
# fargate = { cpu = 2048, memory_mb = 4096 }
# runner  = "fargate"
