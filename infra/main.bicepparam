using 'main.bicep'

// azd sets these in its environment; README.md says how.
param name = readEnvironmentVariable('AZURE_ENV_NAME', 'trial')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param logOrigin = readEnvironmentVariable('PROOFGATE_LOG_ORIGIN', 'gateway.example.com/audit/log')
param policyKeys = json(readEnvironmentVariable('PROOFGATE_POLICY_KEYS', '{}'))
param publicAccess = bool(readEnvironmentVariable('PROOFGATE_PUBLIC_ACCESS', 'false'))
param lockRetention = bool(readEnvironmentVariable('PROOFGATE_LOCK_RETENTION', 'false'))
param alertEmails = json(readEnvironmentVariable('PROOFGATE_ALERT_EMAILS', '[]'))
param upstreams = json(readEnvironmentVariable('PROOFGATE_UPSTREAMS', '[]'))
param settings = json(readEnvironmentVariable('PROOFGATE_SETTINGS', '{}'))
