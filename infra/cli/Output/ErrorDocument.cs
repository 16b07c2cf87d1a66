namespace Proofgate.Cli.Output;

/// <summary>What <c>--json</c> prints for an error.</summary>
internal sealed record ErrorDocument(ErrorDocument.Body Error)
{
    internal sealed record Body
    {
        public required int ExitCode { get; init; }

        public required string Code { get; init; }

        public required string Message { get; init; }

        public int? Status { get; init; }

        public string? AuditId { get; init; }
    }

    internal static ErrorDocument Of(CliError error) => new(new Body
    {
        ExitCode = error.Exit.Value,
        Code = error.Code,
        Message = error.Message,
        Status = error.Status,
        AuditId = error.AuditId,
    });
}
