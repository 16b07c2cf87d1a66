using System.Globalization;
using System.Text.Json;
using Proofgate.Cli.Gateway;

namespace Proofgate.Cli.Doctor;

/// <summary>A running gateway, seen from outside: its clock, its dependencies as it tells them, what it says of sign-in, and what a key may do.</summary>
internal sealed class GatewayExamination(GatewayTarget target, GatewayTarget manage, Connection? key, TimeProvider time)
{
    /// <summary>Proofs of possession may be this much ahead of the server, and a minute behind it.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, string> Fixes = new()
    {
        ["audit"] = "decisions cannot be made durable: check the hub, and that the gateway's identity may send to it (Azure Event Hubs Data Sender)",
        ["policy"] = "activate a bundle (`proofgate policy activate`), or see why one was not taken (`proofgate policy status`)",
        ["identity"] = "the table of keys cannot be read: check the storage account, and that the gateway's identity may read ProofgateKeys",
        ["ledger"] = "the stream is not moved into the ledger: check the ledger's table, and the writer's log",
        ["checkpoints"] = "see the runbook, ledger alarm: `proofgate audit verify`, before anything is changed",
        ["cosignatures"] = "a witness does not cosign, or refuses: ask who runs it",
    };

    internal async IAsyncEnumerable<Finding> LookAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = new GatewayClient(new Connection(target, null), time);
        var alive = await Probe.GetAsync(client.SendAsync, "healthz", cancellationToken);
        if (alive.Problem is { } problem)
        {
            yield return Finding.Failed("gateway", $"{target.Address} cannot be reached: {problem}", "check the address, that the app runs, and that you are in its network");
            yield break;
        }

        yield return alive.Status == 200
            ? Finding.Ok("gateway", $"{target.Address} answers")
            : Finding.Failed("gateway", $"{target.Address} answers {alive.Status} where it should say that it is alive", "check that this is a gateway of Proofgate, and its log");
        if (target.Address.Scheme == Uri.UriSchemeHttps)
        {
            yield return await Reach.LookAsync("certificate", target.Address.Host, target.Address.Port, tls: true, time, cancellationToken);
        }

        yield return OfClock(alive.Date);
        foreach (var finding in OfReadiness(await Probe.GetAsync(client.SendAsync, "readyz", cancellationToken)))
        {
            yield return finding;
        }

        await foreach (var finding in SignInAsync(client, cancellationToken))
        {
            yield return finding;
        }

        await foreach (var finding in PermissionsAsync(cancellationToken))
        {
            yield return finding;
        }
    }

    private Finding OfClock(DateTimeOffset? server)
    {
        if (server is not { } told)
        {
            return Finding.Skipped("clock", "the gateway tells no time");
        }

        var ahead = time.GetUtcNow() - told;
        var seconds = Math.Abs(ahead.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        var detail = $"this machine is {seconds} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the gateway";
        return ahead.Duration() switch
        {
            var off when off > MostAhead => Finding.Failed("clock", detail, "set the clock by NTP: proofs of possession and tokens are refused"),
            var off when off > Noticeable => Finding.Warning("clock", detail, "set the clock by NTP before proofs of possession are refused"),
            _ => Finding.Ok("clock", "this machine and the gateway agree"),
        };
    }

    private static IEnumerable<Finding> OfReadiness(Probe.Answer answer)
    {
        if (answer.Json is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("checks", out var checks) || checks.ValueKind != JsonValueKind.Object)
        {
            yield return Finding.Failed("readiness", "the gateway does not say in which state it is", "check that this is a gateway of Proofgate");
            yield break;
        }

        foreach (var check in checks.EnumerateObject())
        {
            var ready = check.Value.ValueKind == JsonValueKind.Object && check.Value.TryGetProperty("ready", out var value) && value.ValueKind == JsonValueKind.True;
            var detail = Probe.Text(check.Value, "detail") ?? (ready ? "ready" : "not ready");
            yield return ready
                ? Finding.Ok($"ready.{check.Name}", detail)
                : Finding.Failed($"ready.{check.Name}", detail, Fixes.GetValueOrDefault(check.Name, "see the gateway's log"));
        }
    }

    private async IAsyncEnumerable<Finding> SignInAsync(GatewayClient client, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = await Probe.GetAsync(client.SendAsync, ".well-known/oauth-protected-resource", cancellationToken);
        var resource = Probe.Text(answer.Json, "resource");
        if (resource is null)
        {
            yield return Finding.Warning("origin", "the gateway names no public origin, so it takes no proofs of possession", "set Proofgate:PublicOrigins to the addresses under which callers reach it");
            yield break;
        }

        yield return Uri.TryCreate(resource, UriKind.Absolute, out var origin) && Uri.Compare(origin, target.Address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? Finding.Ok("origin", $"the gateway calls itself {resource}")
            : Finding.Warning("origin", $"the gateway calls itself {resource}, and you reach it as {target.Address}", "add this address to Proofgate:PublicOrigins if proofs are made for it");
        if (answer.Json is { } metadata && metadata.TryGetProperty("authorization_servers", out var servers) && servers.ValueKind == JsonValueKind.Array)
        {
            foreach (var issuer in servers.EnumerateArray().Where(static s => s.ValueKind == JsonValueKind.String).Select(static s => s.GetString()!))
            {
                yield return await IssuerExamination.LookAsync(issuer, cancellationToken);
            }
        }
    }

    /// <summary>Reads, and changes nothing.</summary>
    private async IAsyncEnumerable<Finding> PermissionsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (key is null)
        {
            yield return Finding.Skipped("permissions", $"no key to ask with: name one by --key-file or {Connector.KeyVariable}");
            yield break;
        }

        foreach (var (check, where, path, what) in new[]
        {
            ("permissions.models", target, "v1/models", "list models"), ("permissions.keys", manage, "manage/keys", "manage keys"), ("permissions.policy", manage, "manage/policy", "manage policy"),
        })
        {
            using var client = new GatewayClient(key with { Target = where }, time);
            var answer = await Probe.GetAsync(client.SendAsync, path, cancellationToken);
            yield return answer.Status switch
            {
                0 => Finding.Failed(check, $"{where.Address} cannot be reached: {answer.Problem}", "say with --manage where the administration is"),
                200 => Finding.Ok(check, $"this key may {what}"),
                401 => Finding.Failed(check, "this key is not accepted", "check that it is this deployment's, not revoked, not expired, and presented with its key pair (--dpop) if it is bound"),
                403 => Finding.Warning(check, $"policy does not let this key {what}", "no harm if it should not; else see `proofgate policy explain`"),
                404 => Finding.Failed(check, $"{where.Address} serves no {path}", "say with --manage where the administration is"),
                _ => Finding.Failed(check, $"{path} answers {answer.Status} {Probe.Text(answer.Json, "code")}".TrimEnd(), "see what is not ready above, and the gateway's log"),
            };
        }
    }
}
