using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofgate.Data.Tests.Support;

/// <summary>People as a JSON list on loopback. What is not there is null or absent; values of other types poison.</summary>
internal sealed class HttpJsonSource : ISourceUnderTest, IAsyncDisposable
{
    private readonly WebApplication _app;
    private string _body = "[]";

    private HttpJsonSource()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(http => http.Response.WriteAsync(_body));
    }

    public (string Key, string? Value)[] Settings => [("Proofgate:DataSources:main:Address", _app.Urls.Single())];

    public string Manifest(string limits) => People.Manifest("http-json", limits);

    public RawRow Possible(RawRow row) => row;

    public Task FillAsync(IReadOnlyList<RawRow> rows)
    {
        _body = $"[{string.Join(",", rows.Select(static r => $"{{{string.Join(",", r.Cells.Where(c => IsWritten(r, c.Key, c.Value)).Select(c => $"\"{c.Key}\":{Json(r, c.Key, c.Value)}"))}}}"))}]";
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static async Task<HttpJsonSource> StartAsync()
    {
        var source = new HttpJsonSource();
        await source._app.StartAsync();
        return source;
    }

    private static bool IsWritten(RawRow row, string column, Cell cell) => !cell.IsNull || row.Poisoned.Contains(column) || row.Id % 2 == 0;

    private static string Json(RawRow row, string column, Cell cell) =>
        row.Poisoned.Contains(column) ? row.Id % 2 == 0 ? "{\"a\":1}" : "[1]"
        : cell.Kind switch
        {
            CellKind.Null => "null",
            CellKind.Text => JsonSerializer.Serialize(cell.Text),
            CellKind.Number => JsonSerializer.Serialize(cell.Number),
            CellKind.Boolean => cell.Boolean ? "true" : "false",
            CellKind.Datetime => $"\"{cell.DatetimeText()}\"",
            _ => JsonSerializer.Serialize(cell.Integer),
        };
}
