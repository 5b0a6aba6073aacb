locals {
  buckets = {
    source = { name = coalesce(var.source_bucket.name, "${var.name}-source-${local.account}-${local.region}"), create = var.source_bucket.create }
    lake   = { name = coalesce(var.lake_bucket.name, "${var.name}-lake-${local.account}-${local.region}"), create = var.lake_bucket.create }
  }
  own_buckets = toset([for what, bucket in local.buckets : what if bucket.create])

  source_bucket_arn = "arn:${local.partition}:s3:::${local.buckets.source.name}"
  lake_bucket_arn   = "arn:${local.partition}:s3:::${local.buckets.lake.name}"
  source_prefix     = var.source_bucket.prefix == "" ? "" : "${var.source_bucket.prefix}/"
  lake_prefix       = var.lake_bucket.prefix == "" ? "" : "${var.lake_bucket.prefix}/"
  source_uri        = "s3://${local.buckets.source.name}/${local.source_prefix}${var.source_bucket.dated ? "{date}" : ""}"
  lake_uri          = "s3://${local.buckets.lake.name}/${local.lake_prefix}"
}

resource "aws_s3_bucket" "etl" {
  for_each = local.own_buckets

  bucket        = local.buckets[each.key].name
  force_destroy = var.allow_destroy
}

resource "aws_s3_bucket_ownership_controls" "etl" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.etl[each.key].id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "etl" {
  for_each = local.own_buckets

  bucket                  = aws_s3_bucket.etl[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "etl" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.etl[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "etl" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.etl[each.key].id
  rule {
    # A bucket key replaces one KMS call per object.
    bucket_key_enabled = var.bucket_encryption == "aws:kms"
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.bucket_encryption
      kms_master_key_id = var.bucket_encryption == "aws:kms" ? aws_kms_key.etl.arn : null
    }
  }
}

resource "aws_s3_bucket_policy" "etl" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.etl[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.etl[each.key].arn, "${aws_s3_bucket.etl[each.key].arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
  depends_on = [aws_s3_bucket_public_access_block.etl]
}

resource "aws_s3_bucket_lifecycle_configuration" "etl" {
  for_each = local.own_buckets

  bucket = aws_s3_bucket.etl[each.key].id
  rule {
    id     = "tidy"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    # Expires the exports of runs. Objects under latest/ are replaced by the next run and do not expire.
    for_each = each.key == "lake" && var.lake_bucket.keep_days > 0 ? { exports = "business_date=", tables = "tables/" } : {}
    content {
      id     = rule.key
      status = "Enabled"
      filter {
        prefix = "${local.lake_prefix}analytics_export/${rule.value}"
      }
      expiration {
        days = var.lake_bucket.keep_days
      }
    }
  }

  dynamic "rule" {
    # Messages and requests are read when they are written.
    for_each = each.key == "lake" ? merge(
      local.relay == 1 ? { messages = [local.message_prefix, local.message_keep_days] } : {},
      local.loaders == 1 ? { loaders = [local.loader_prefix, local.loader_keep_days] } : {},
    ) : {}
    content {
      id     = rule.key
      status = "Enabled"
      filter {
        prefix = rule.value[0]
      }
      expiration {
        days = rule.value[1]
      }
    }
  }
  depends_on = [aws_s3_bucket_versioning.etl]
}

# A bucket has one configuration of its events: the relay is invoked for each message; EventBridge gets requests for loaders.
resource "aws_s3_bucket_notification" "lake" {
  count = var.lake_bucket.create && local.relay + local.loaders > 0 ? 1 : 0

  bucket      = aws_s3_bucket.etl["lake"].id
  eventbridge = local.loaders == 1

  dynamic "lambda_function" {
    for_each = aws_lambda_function.relay
    content {
      lambda_function_arn = lambda_function.value.arn
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = local.message_prefix
      # The records of published messages have no extension.
      filter_suffix = ".json"
    }
  }

  depends_on = [aws_lambda_permission.relay]
}
