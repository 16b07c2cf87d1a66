using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Every error of <see cref="StorageOptions"/> at once, each naming its key. Connection strings stay out of the messages.</summary>
internal sealed class StorageOptionsCheck : IValidateOptions<StorageOptions>
{
    private const string LedgerSection = $"{StorageOptions.Section}:{nameof(StorageOptions.Ledger)}";
    private const string ProofsSection = $"{StorageOptions.Section}:{nameof(StorageOptions.Proofs)}";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(StorageOptions options)
    {
        foreach (var problem in Problems(StorageOptions.Section, options))
            yield return problem;
        foreach (var problem in options.Proofs.IsEmpty ? [] : Problems(ProofsSection, options.Proofs))
            yield return problem;
        if (options.Ledger.IsEmpty)
        {
            if (options.TableEndpoint is not null)
                yield return $"{LedgerSection}:{nameof(AccountOptions.TableEndpoint)} is missing: the ledger has an account of its own.";
            yield break;
        }

        foreach (var problem in Problems(LedgerSection, options.Ledger))
            yield return problem;
        if (options.TableEndpoint is { IsAbsoluteUri: true } keys
            && options.Ledger.TableEndpoint is { IsAbsoluteUri: true } ledger
            && Uri.Compare(keys, ledger, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            yield return $"{LedgerSection}:{nameof(AccountOptions.TableEndpoint)} is the account of the keys: the ledger has an account of its own.";
        }
    }

    private static IEnumerable<string> Problems(string section, AccountOptions account)
    {
        const string connectionString = nameof(AccountOptions.ConnectionString);
        const string tableEndpoint = nameof(AccountOptions.TableEndpoint);
        const string blobEndpoint = nameof(AccountOptions.BlobEndpoint);
        const string clientId = nameof(AccountOptions.ManagedIdentityClientId);
        switch (account.ConnectionString, account.TableEndpoint)
        {
            case (null, null):
                yield return $"{section}:{connectionString} or {section}:{tableEndpoint} is missing.";
                break;
            case (not null, not null):
                yield return $"{section}:{connectionString} and {section}:{tableEndpoint} are both set: keep one.";
                break;
            case ({ } text, null):
                if (!CanConnect(text))
                    yield return $"{section}:{connectionString} is not a connection string of a storage account.";
                break;
            case (null, { } endpoint):
                if (!IsEndpoint(endpoint))
                    yield return $"{section}:{tableEndpoint} must be an https address without a query, such as https://account.table.core.windows.net.";
                break;
        }

        if (account.BlobEndpoint is { } blobs && (account.TableEndpoint is null || !IsEndpoint(blobs)))
            yield return $"{section}:{blobEndpoint} must be an https address without a query, such as https://account.blob.core.windows.net, and goes with {section}:{tableEndpoint}.";
        if (account.ManagedIdentityClientId is { } id && (account.TableEndpoint is null || !Guid.TryParse(id, out _)))
            yield return $"{section}:{clientId} must be the client id of an identity, and goes with {section}:{tableEndpoint}.";
    }

    private static bool IsEndpoint(Uri endpoint) =>
        endpoint.IsAbsoluteUri && endpoint.Scheme == Uri.UriSchemeHttps && endpoint.Query.Length == 0 && endpoint.UserInfo.Length == 0;

    private static bool CanConnect(string connectionString)
    {
        try
        {
            _ = new TableServiceClient(connectionString);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
