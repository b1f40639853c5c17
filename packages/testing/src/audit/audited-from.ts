/**
 * From when on a tenant's rollups can be held against its raw events: before its horizon retention has taken
 * those. To be used where the tenant is `$1`.
 */
export const AUDITED_FROM = `coalesce((SELECT retention_horizon FROM tenant_heads WHERE tenant_id = $1), '-infinity')`;

/** The same as a day; days that wait for their conversion to a new zone are no more read than those. */
export const AUDITED_FROM_DAY = `coalesce((
  SELECT greatest(days_from, (retention_horizon AT TIME ZONE time_zone)::date + 1) FROM tenant_heads WHERE tenant_id = $1
), '-infinity')`;
