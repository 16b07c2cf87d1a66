using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>RFC 9728.</summary>
public sealed class ResourceMetadataTests
{
    private const string Path = "/.well-known/oauth-protected-resource";

    private static readonly (string, string?) Origin = ("Proofgate:PublicOrigins:0", "https://gateway.example.com");

    [Fact]
    [Trait("Rule", "P1")]
    [Trait("Rule", "P3")]
    [Trait("Rule", "P7")]
    public async Task Metadata_IsPublic_UnderTheWellKnownPathAndThePathInsertedForms()
    {
        await using var gateway = await TestGateway.StartAsync(Origin);
        var whole = await gateway.GetAsync(Path);
        Assert.Equal((200, "application/json", "public, max-age=300"), (whole.Status, whole["Content-Type"], whole["Cache-Control"]));
        Assert.Equal("https://gateway.example.com", (string?)whole.Json["resource"]);

        var inserted = await gateway.GetAsync(Path + "/v1/chat/completions");
        Assert.Equal((200, "https://gateway.example.com/v1/chat/completions"), (inserted.Status, (string?)inserted.Json["resource"]));
        Assert.Equal(404, (await gateway.GetAsync(Path + "/v1/elsewhere")).Status);
        Assert.Equal(404, (await gateway.GetAsync(Path + "/healthz")).Status);
    }

    [Fact]
    [Trait("Rule", "P2")]
    [Trait("Rule", "P5")]
    public async Task Metadata_HasNoEmptyMembers_AndNamesTheHeaderAlone()
    {
        await using var gateway = await TestGateway.StartAsync(Origin);
        var metadata = (await gateway.GetAsync(Path)).Json.AsObject();
        Assert.Equal(["header"], metadata["bearer_methods_supported"]!.AsArray().Select(static m => (string?)m));
        Assert.False(metadata.ContainsKey("authorization_servers"));
        Assert.DoesNotContain(metadata, static m => m.Value is null or System.Text.Json.Nodes.JsonArray { Count: 0 });
    }

    [Fact]
    [Trait("Rule", "P6")]
    [Trait("Rule", "M5")]
    public async Task Metadata_FollowsTheConfiguration()
    {
        await using var without = await TestGateway.StartAsync(Origin);
        Assert.False((await without.GetAsync(Path)).Json.AsObject().ContainsKey("tls_client_certificate_bound_access_tokens"));
        await using var with = await TestGateway.StartAsync(Origin, ("Proofgate:Identity:ClientCertificates", "Platform"));
        Assert.True((bool?)(await with.GetAsync(Path)).Json["tls_client_certificate_bound_access_tokens"]);
    }

    [Fact]
    [Trait("Rule", "P5")]
    [Trait("Rule", "P6")]
    public async Task Metadata_NamesIssuersAndProofs_AsTheyAreTaken()
    {
        await using var gateway = await TestGateway.StartAsync(
            Origin, ("Proofgate:Issuers:one:Issuer", "https://login.example.com/"), ("Proofgate:Issuers:one:Audiences:0", "proofgate"),
            ("Proofgate:Issuers:one:Tenant", "default"), ("Proofgate:Issuers:one:RequireBound", "true"));
        var metadata = (await gateway.GetAsync(Path)).Json.AsObject();
        Assert.Equal(["https://login.example.com/"], metadata["authorization_servers"]!.AsArray().Select(static m => (string?)m));
        Assert.Equal(["ES256", "ES384", "ES512", "PS256"], metadata["dpop_signing_alg_values_supported"]!.AsArray().Select(static m => (string?)m));
        Assert.True((bool?)metadata["dpop_bound_access_tokens_required"]);
    }

    [Fact]
    [Trait("Rule", "P4")]
    public async Task Challenge_NamesTheMetadata()
    {
        await using var gateway = await TestGateway.StartAsync(Origin);
        var answer = await gateway.GetAsync("/v1/models");
        Assert.Contains($"resource_metadata=\"https://gateway.example.com{Path}\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_IsNotThere_WithoutAPublicOrigin()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync(Path);
        Assert.Equal(404, answer.Status);
        Assert.Contains("Proofgate:PublicOrigins", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("resource_metadata", (await gateway.GetAsync("/v1/models"))["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://gateway.example.com")]
    [InlineData("https://gateway.example.com/path")]
    [InlineData("https://gateway.example.com?")]
    [InlineData("https://user@gateway.example.com")]
    [InlineData("gateway.example.com")]
    public async Task Origin_IsAnErrorAtStart_WhenItIsNone(string origin)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestGateway.StartAsync(("Proofgate:PublicOrigins:0", origin)));
        Assert.Contains("Proofgate:PublicOrigins:0", error.ToString(), StringComparison.Ordinal);
    }
}
