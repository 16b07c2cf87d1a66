metadata description = 'Roles that Azure does not have: each of exactly the operations that an app sends.'

param name string

@description('What the roles are called at Azure: ids, made of names, so that they are found again.')
param roleNames {
  tableAppender: string
  tableUpdater: string
  tableKeeper: string
  tableSweeper: string
  proofKeeper: string
  blobAppender: string
  logSigner: string
}

var scope = resourceGroup().id

resource tableAppender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.tableAppender
  properties: {
    roleName: 'Proofgate table appender (${name})'
    description: 'Reads rows and inserts new ones. Changes and deletes none.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource tableUpdater 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.tableUpdater
  properties: {
    roleName: 'Proofgate table updater (${name})'
    description: 'Reads, inserts and changes rows. Deletes none.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/update/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource tableKeeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.tableKeeper
  properties: {
    roleName: 'Proofgate table keeper (${name})'
    description: 'Reads, writes and deletes rows. Makes and drops no table.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/update/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/write'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete'
        ]
        notDataActions: []
      }
    ]
  }
}

resource tableSweeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.tableSweeper
  properties: {
    roleName: 'Proofgate table sweeper (${name})'
    description: 'Reads rows and deletes them. Inserts and changes none.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete'
        ]
        notDataActions: []
      }
    ]
  }
}

resource proofKeeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.proofKeeper
  properties: {
    roleName: 'Proofgate proof keeper (${name})'
    description: 'Makes and drops the tables of used proofs, and inserts into them.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/write'
          'Microsoft.Storage/storageAccounts/tableServices/tables/delete'
        ]
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource blobAppender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.blobAppender
  properties: {
    roleName: 'Proofgate blob appender (${name})'
    description: 'Reads blobs and creates new ones. Changes and deletes none.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource logSigner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleNames.logSigner
  properties: {
    roleName: 'Proofgate log signer (${name})'
    description: 'Signs by a key and reads its public half.'
    type: 'CustomRole'
    assignableScopes: [scope]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
        notDataActions: []
      }
    ]
  }
}
