using System.Net;
using Azure.Data.Tables;
using Proofgate.AzureStores.Rows;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.AzureStores.Keys;

/// <summary>An API key's record as a row: a column for each field, none for an absent value.</summary>
internal static class KeyRow
{
    private const string Prefix = "k-";

    /// <summary>SHA-256.</summary>
    private const int DigestBytes = 32;

    /// <summary>All records: '.' follows '-'.</summary>
    internal static readonly (string From, string Before) Range = (Prefix, "k.");

    internal static string KeyOf(KeyId id) => $"{Prefix}{id}";

    internal static TableEntity From(string partition, ApiKeyRecord record) => new RowWriter(partition, KeyOf(record.Id))
        .Binary("Digest", record.Digest)
        .Number("PepperVersion", record.PepperVersion)
        .Text("Environment", record.Environment)
        .Text("Name", record.Name)
        .Text("Owner", record.Owner)
        .Text("OwnerKind", record.OwnerKind.ToString())
        .Text("Tenant", record.Tenant)
        .Text("Purpose", record.Purpose)
        .Texts("Roles", record.Roles)
        .Number("Clearance", record.Clearance)
        .Texts("Actions", record.Limits.Actions)
        .Texts("Models", record.Limits.Models)
        .Texts("Datasets", record.Limits.Datasets)
        .Number("MaxLabel", record.Limits.MaxLabel)
        .Texts("Networks", record.Limits.Networks.Select(static network => network.ToString()))
        .Number("RequestsPerMinute", record.Limits.RequestsPerMinute)
        .Number("TokensPerDay", record.Limits.TokensPerDay)
        .Text("Thumbprint", record.Thumbprint)
        .Moment("NotBefore", record.NotBefore)
        .Moment("Expires", record.Expires)
        .Moment("Created", record.Created)
        .Text("CreatedBy", record.CreatedBy)
        .Text("State", record.State.ToString())
        .Moment("Revoked", record.Revoked)
        .Text("Predecessor", record.Predecessor?.ToString())
        .Text("Successor", record.Successor?.ToString())
        .Row;

    /// <exception cref="MalformedRowException">Anything is missing, unknown or of another form.</exception>
    internal static ApiKeyRecord Read(string table, TableEntity row)
    {
        var reader = new RowReader(table, row);
        var record = new ApiKeyRecord
        {
            Id = Id(reader, row),
            Digest = Digest(reader),
            PepperVersion = reader.OptionalCount("PepperVersion") ?? throw reader.Malformed("column 'PepperVersion' is missing"),
            Environment = reader.Text("Environment"),
            Name = reader.Text("Name"),
            Owner = reader.Text("Owner"),
            OwnerKind = reader.Choice<SubjectKind>("OwnerKind"),
            Tenant = reader.Text("Tenant"),
            Purpose = reader.OptionalText("Purpose"),
            Roles = Set(reader, "Roles"),
            Clearance = reader.Number("Clearance"),
            Limits = Limits(reader),
            Thumbprint = reader.OptionalText("Thumbprint"),
            NotBefore = reader.Moment("NotBefore"),
            Expires = reader.OptionalMoment("Expires"),
            Created = reader.Moment("Created"),
            CreatedBy = reader.Text("CreatedBy"),
            State = reader.Choice<ApiKeyState>("State"),
            Revoked = reader.OptionalMoment("Revoked"),
            Predecessor = Other(reader, "Predecessor"),
            Successor = Other(reader, "Successor"),
            Version = row.ETag.ToString(),
        };
        reader.End();
        return record;
    }

    private static KeyLimits Limits(RowReader reader) => new()
    {
        Actions = Set(reader, "Actions"),
        Models = Set(reader, "Models"),
        Datasets = Set(reader, "Datasets"),
        MaxLabel = reader.OptionalNumber("MaxLabel"),
        Networks = Networks(reader),
        RequestsPerMinute = reader.OptionalCount("RequestsPerMinute"),
        TokensPerDay = reader.OptionalNumber("TokensPerDay"),
    };

    private static KeyId Id(RowReader reader, TableEntity row) =>
        row.RowKey.StartsWith(Prefix, StringComparison.Ordinal) && KeyId.TryParse(row.RowKey.AsSpan(Prefix.Length), out var id)
            ? id
            : throw reader.Malformed("its row key names no API key");

    private static KeyId? Other(RowReader reader, string column) => reader.OptionalText(column) is not { } text ? null
        : KeyId.TryParse(text, out var id) ? id
        : throw reader.Malformed($"column '{column}' names no API key");

    private static byte[] Digest(RowReader reader)
    {
        var digest = reader.Binary("Digest");
        return digest.Length == DigestBytes ? digest : throw reader.Malformed("column 'Digest' has the wrong length");
    }

    private static HashSet<string> Set(RowReader reader, string column) => new(reader.Texts(column), StringComparer.Ordinal);

    private static List<IPNetwork> Networks(RowReader reader) => reader.Texts("Networks").ConvertAll(text =>
        IPNetwork.TryParse(text, out var network) ? network : throw reader.Malformed("column 'Networks' holds no network"));
}
