metadata description = 'What somebody has to look at. The runbook of README.md says what then.'

param location string
param name string
param tags object
param workspaceId string
param ledgerAccount string

@description('Who is told by mail. Nobody, if empty: the alerts are in the portal all the same.')
param emails string[]

type alert = {
  name: string
  description: string
  severity: 0 | 1 | 2
  query: string
  frequency: string
  window: string
}

var alerts alert[] = [
  {
    name: 'ledger-lag'
    description: 'The ledger is over five minutes behind the hub. The hub keeps events for its retention and no longer.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'AppMetrics | where Name == "proofgate.ledger.delay" | summarize Delay = max(Max) by bin(TimeGenerated, 5m) | where Delay > 300'
  }
  {
    name: 'ledger-silent'
    description: 'No checkpoint was signed in a quarter of an hour: the writer is not running, or may not sign.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'AppMetrics | where Name == "proofgate.checkpoints.passes" and Properties.result == "signed" | summarize Passes = sum(Sum) | where isnull(Passes) or Passes == 0'
  }
  {
    name: 'verification-failure'
    description: 'The ledger and what was signed of it disagree. Nothing more is signed until somebody has looked.'
    severity: 0
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'AppMetrics | where Name == "proofgate.checkpoints.passes" and Properties.result == "alarm" | summarize Alarms = sum(Sum) | where Alarms > 0'
  }
  {
    name: 'ledger-touched'
    description: 'Somebody changed or deleted rows or blobs of the ledger, or tried to. No part of Proofgate does.'
    severity: 0
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'union isfuzzy=true StorageTableLogs, StorageBlobLogs | where AccountName =~ "${ledgerAccount}" | where OperationName has_any ("Delete", "Update", "Merge", "Replace", "SetTable", "SetBlob", "SetContainer", "Undelete") | summarize Operations = count() | where Operations > 0'
  }
  {
    name: 'publish-failures'
    description: 'Decisions cannot be made durable: calls are answered 503.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT5M'
    query: 'AppMetrics | where Name == "proofgate.audit.failures" | summarize Failures = sum(Sum) | where Failures > 0'
  }
  {
    name: 'refusals-surge'
    description: 'Ten times as many refusals as in the hour before, and over a hundred: a leaked key is being tried, or a policy is wrong.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT2H'
    query: 'AppMetrics | where Name == "proofgate.refusals" | summarize Now = sumif(Sum, TimeGenerated > ago(5m)), Before = sumif(Sum, TimeGenerated between (ago(65m) .. ago(5m))) | where Now > 100 and Now > 10.0 * Before / 12'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: '${name}-alerts'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'proofgate'
    emailReceivers: [
      for (email, i) in emails: {
        name: 'mail-${i}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in alerts: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Proofgate: ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      // A table of the workspace is there when the first row is.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: empty(emails) ? [] : [people.id] }
    }
  }
]
