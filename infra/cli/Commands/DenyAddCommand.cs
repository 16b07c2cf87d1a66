using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate deny add</c> (K6).</summary>
internal sealed class DenyAddCommand : GatewayCommand
{
    private readonly Argument<string> _kind = new Argument<string>("kind") { Description = "What the value is." }
        .AcceptOnlyFromAmong("jti", "subject", "client", "thumbprint", "issuer-key");

    private readonly Argument<string> _value = new("value")
    {
        Description = "A token's jti; a subject; a client id or a key's public id; a key pair's thumbprint; or \"ISSUER KID\" in quotes.",
    };

    private readonly Option<string?> _until = new("--until") { HelpName = "TIME", Description = "When the entry lapses, as 2027-01-31 or 2027-01-31T12:00Z (UTC)." };

    private readonly Option<string?> _for = new("--for")
    {
        HelpName = "TIME",
        Description = $"How long the entry lasts: {Duration.Form}. Unless this or --until is given, for ever.",
        Validators = { Duration.Check },
    };

    private readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for people who read the list." };

    private readonly Option<bool> _force = new("--force") { Description = "Also where the entry refuses the key that you use for it." };

    internal DenyAddCommand(CommandScope scope)
        : base(scope, "add", "Refuse every credential of a person, client, token or key pair. It bites within 5 seconds, also in open streams.", new Lesson(
            [
                new Example("proofgate deny add subject mallory --reason \"left the company\"", "refuses whatever a person presents"),
                new Example("proofgate deny add jti 0f5c2b9e --for 2h", "refuses one token until it has expired anyway"),
                new Example("proofgate deny add issuer-key \"https://login.example.com/ key-2025\"", "refuses all tokens that were signed with a stolen key of an issuer"),
            ],
            ExitCode.OfGateway,
            "Entries bite in your own tenant only. To end an API key for ever, use `proofgate keys revoke`.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_kind);
        Add(_value);
        Add(_until);
        Add(_for);
        Add(_reason);
        Add(_force);
        _value.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var value }] && value.Contains("pgk_", StringComparison.Ordinal))
            {
                result.AddError("a key is not denied by itself but by its public id");
            }
        });
        _until.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && Moment(text) is null)
            {
                result.AddError("--until takes a UTC time such as 2027-01-31 or 2027-01-31T12:00Z");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetValue(_until) is not null && result.GetValue(_for) is not null)
            {
                result.AddError("--until and --for exclude each other");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        var request = new DenyRequest
        {
            Kind = parsed.GetRequiredValue(_kind),
            Value = parsed.GetRequiredValue(_value),
            Until = parsed.GetValue(_until) is { } until ? Moment(until) : Host.Time.GetUtcNow() + Duration.Of(parsed.GetValue(_for)),
            Reason = parsed.GetValue(_reason),
            Force = parsed.GetValue(_force) ? true : null,
        };
        switch (await client.DenyAsync(request, cancellationToken))
        {
            case GatewayReply.DenialChanged { Record: var record }:
                var end = record.Until is { } lapse ? $"until {lapse.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "until it is lifted";
                return Tell(printer, record, CliJson.Default.DenyRecord, $"Denied: {record.Kind} {record.Value}, {end}. `proofgate deny lift {record.Id}` lifts it.");
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }

    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
}
