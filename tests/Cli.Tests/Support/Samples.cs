namespace Proofgate.Cli.Tests.Support;

/// <summary>Answers as the contract has them.</summary>
internal static class Samples
{
    internal const string NewKey = "pgk_live_BBBBBBBB_thisIsTheNewKeyNobodyElseSees";

    internal const string Initialized = $$"""{"key":"{{NewKey}}","kid":"BBBBBBBB","expires":"2027-01-01T00:00:00Z"}""";

    internal const string Created = $$"""{"key":"{{NewKey}}","record":{{Record}}}""";

    internal const string Record =
        """
        {"kid":"BBBBBBBB","name":"billing bot","owner":"billing","ownerKind":"client","tenant":"default","environment":"live","roles":["developer"],"clearance":0,
        "actions":[],"models":["assistant"],"datasets":[],"networks":[],"created":"2026-05-22T12:00:00Z","createdBy":"AAAAAAAA","notBefore":"2026-05-22T12:00:00Z",
        "expires":"2026-12-01T00:00:00Z","lastUsed":"2026-05-30","state":"active"}
        """;
}
