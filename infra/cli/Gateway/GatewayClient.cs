using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Proofgate.Cli.Gateway.Chat;
using Proofgate.Cli.Gateway.Watch;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Local;
using Proofgate.Client;

namespace Proofgate.Cli.Gateway;

/// <summary>The gateway's HTTP interface. No redirects, no cookies, bounded answers; one credential, sent to one address.</summary>
internal sealed class GatewayClient : IDisposable
{
    internal const long MaxAnswerBytes = 16 << 20;

    /// <summary>How long an answer of <c>/manage</c> may take.</summary>
    internal static readonly TimeSpan ManageTimeout = TimeSpan.FromSeconds(60);

    private const string PolicyPath = "manage/policy";

    private readonly Connection _connection;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private string? _nonce;

    internal GatewayClient(Connection connection, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        _http = new HttpClient(Handler(connection, time))
        {
            BaseAddress = connection.Target.Address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    internal string AddressOption => _connection.Target.AddressOption;

    internal Task<GatewayReply> InitializeAsync(FirstKeyRequest request, CancellationToken cancellationToken) => ManageAsync(
        Post("manage/init", request, CliJson.Default.FirstKeyRequest),
        CliJson.Default.FirstKey, static key => new GatewayReply.Initialized(key), cancellationToken);

    /// <summary>Makes a key, bound to <paramref name="pair"/> where there is one.</summary>
    internal Task<GatewayReply> CreateKeyAsync(KeyRequest request, DpopKeyPair? pair, CancellationToken cancellationToken) => ProvenAsync(
        "manage/keys", pair,
        proof => ManageAsync(
            Post("manage/keys", request with { Proof = proof }, CliJson.Default.KeyRequest),
            CliJson.Default.CreatedKey, static key => new GatewayReply.KeyCreated(key), cancellationToken));

    internal Task<GatewayReply> BindKeyAsync(string kid, DpopKeyPair pair, CancellationToken cancellationToken) => ProvenAsync(
        KeyPath(kid, "bind"), pair,
        proof => ManageAsync(
            Post(KeyPath(kid, "bind"), new BindingRequest(proof!), CliJson.Default.BindingRequest),
            CliJson.Default.KeyRecord, static record => new GatewayReply.KeyChanged(record), cancellationToken));

    internal Task<GatewayReply> RotateKeyAsync(string kid, RotationRequest request, CancellationToken cancellationToken) => ManageAsync(
        Post(KeyPath(kid, "rotate"), request, CliJson.Default.RotationRequest),
        CliJson.Default.RotatedKey, static key => new GatewayReply.KeyRotated(key), cancellationToken);

    internal Task<GatewayReply> ReportLeakAsync(Secret key, CancellationToken cancellationToken)
    {
        // The one place where a key is sent in a body: it is no secret any more.
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key.Reveal());
            json.WriteEndObject();
        }

        return ManageAsync(
            new HttpRequestMessage(HttpMethod.Post, "keys/leaked") { Content = Json(body.ToArray()) },
            CliJson.Default.LeakReceipt, static receipt => new GatewayReply.LeakReported(receipt), cancellationToken);
    }

    internal Task<GatewayReply> ListDenialsAsync(CancellationToken cancellationToken) => ManageAsync(
        new HttpRequestMessage(HttpMethod.Get, "manage/deny"),
        CliJson.Default.DenyListing, static listing => new GatewayReply.DenialsListed(listing), cancellationToken);

    internal Task<GatewayReply> DenyAsync(DenyRequest request, CancellationToken cancellationToken) => ManageAsync(
        Post("manage/deny", request, CliJson.Default.DenyRequest),
        CliJson.Default.DenyRecord, static record => new GatewayReply.DenialChanged(record), cancellationToken);

    internal Task<GatewayReply> LiftDenialAsync(string id, CancellationToken cancellationToken) => ManageAsync(
        new HttpRequestMessage(HttpMethod.Delete, $"manage/deny/{Uri.EscapeDataString(id)}"),
        CliJson.Default.DenyRecord, static record => new GatewayReply.DenialChanged(record), cancellationToken);

    internal Task<GatewayReply> ShowPolicyAsync(CancellationToken cancellationToken) => ManageAsync(
        new HttpRequestMessage(HttpMethod.Get, PolicyPath),
        CliJson.Default.PolicyStatus, static status => new GatewayReply.PolicyShown(status), cancellationToken);

    internal Task<GatewayReply> CheckPolicyAsync(byte[] bundle, CancellationToken cancellationToken) => ManageAsync(
        Post($"{PolicyPath}/check", new BundleRequest(bundle), CliJson.Default.BundleRequest),
        CliJson.Default.BundleJudgement, static judgement => new GatewayReply.PolicyChecked(judgement), cancellationToken);

    /// <param name="bundle">A signed bundle.</param>
    /// <param name="activation">An approver's statement, where there is one.</param>
    /// <param name="active">Digest of what is active: nothing is changed if it is another by now.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    internal Task<GatewayReply> ActivatePolicyAsync(byte[] bundle, byte[]? activation, string? active, CancellationToken cancellationToken) =>
        ChangePolicyAsync(Post(PolicyPath, new BundleRequest(bundle, activation), CliJson.Default.BundleRequest), active, cancellationToken);

    internal Task<GatewayReply> RollBackPolicyAsync(string digest, byte[]? activation, string? active, CancellationToken cancellationToken) =>
        ChangePolicyAsync(
            Post($"{PolicyPath}/rollback", new RollbackRequest(digest, activation), CliJson.Default.RollbackRequest), active, cancellationToken);

    /// <summary>Watches decisions over one connection.</summary>
    /// <param name="duration">How long; null: until it breaks.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    internal IAsyncEnumerable<WatchStep> WatchAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        var path = duration is { } time ? $"manage/decisions?for={(int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 86_400)}" : "manage/decisions";
        return new WatchCall(this, _connection.Credential!, _time).RunAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
    }

    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    internal Task<GatewayReply> ListKeysAsync(string? after, CancellationToken cancellationToken) => ManageAsync(
        new HttpRequestMessage(HttpMethod.Get, after is null ? "manage/keys" : $"manage/keys?after={Uri.EscapeDataString(after)}"),
        CliJson.Default.KeyListing, static listing => new GatewayReply.KeysListed(listing), cancellationToken);

    internal Task<GatewayReply> RevokeKeyAsync(string kid, CancellationToken cancellationToken) => ManageAsync(
        new HttpRequestMessage(HttpMethod.Post, KeyPath(kid, "revoke")),
        CliJson.Default.KeyRecord, static record => new GatewayReply.KeyChanged(record), cancellationToken);

    /// <summary>Fetches a receipt; while none is there yet, asks again as the gateway says.</summary>
    internal async Task<GatewayReply> ReceiptAsync(string auditId, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"audit/receipts/{Uri.EscapeDataString(auditId)}");
                using var response = await SendAsync(request, stop.Token);
                if (response.StatusCode == System.Net.HttpStatusCode.Accepted)
                {
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(2), _time, stop.Token);
                    continue;
                }

                if (!response.IsSuccessStatusCode)
                {
                    return new GatewayReply.Failed(await FailureReader.ReadAsync(response, _connection.Credential, stop.Token));
                }

                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, stop.Token);
                return new GatewayReply.Received(await response.Content.ReadAsByteArrayAsync(stop.Token));
            }
        }
        catch (HttpRequestException failure)
        {
            return new GatewayReply.Failed(Unreachable(failure));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new GatewayReply.Failed(TimedOut(patience));
        }
    }

    /// <summary>Asks a model. The events end with exactly one <see cref="ChatEvent.Completed"/> or <see cref="ChatEvent.Failed"/>.</summary>
    internal IAsyncEnumerable<ChatEvent> ChatAsync(ChatQuestion question, CancellationToken cancellationToken)
    {
        var request = Post("v1/chat/completions", question.Body, CliJson.Default.ChatRequest);
        question.AddHeaders(request.Headers);
        return new ChatCall(this, _connection.Credential!, _time).RunAsync(request, question.Body.Stream, cancellationToken);
    }

    /// <summary>Sends with the credential; the body of the answer is still to be read.</summary>
    /// <exception cref="HttpRequestException">Nothing answers.</exception>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // With a key pair the handler below presents credential and proof.
        if (_connection is { Credential: { } credential, KeyPair: null })
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.Secret.Reveal());
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    internal CliError Unreachable(HttpRequestException failure)
    {
        var address = _connection.Target.Address;
        if (_connection.Target.StateFile is { } file)
        {
            return CliError.Unreachable("gateway_unreachable", $"nothing answers at {address}, which {file} names: is it running? {Capital(StateFile.StartHint)}.");
        }

        var why = failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its name is not known",
            HttpRequestError.SecureConnectionError => "its certificate is not trusted",
            HttpRequestError.ConnectionError => "nothing listens there",
            _ => "the connection broke",
        };
        return CliError.Unreachable("gateway_unreachable", $"{address} cannot be reached ({why}): check {_connection.Target.AddressOption} and the network.");
    }

    internal static CliError TimedOut(TimeSpan after) =>
        CliError.Unreachable("gateway_timeout", $"the gateway sent nothing for {after.TotalSeconds:0} s: look at its /readyz and try again.");

    internal static CliError NotUnderstood(HttpResponseMessage response) =>
        new(ExitCode.Failed, "answer_not_understood", "the answer is not Proofgate's: check --gateway, or update proofgate.")
        {
            Status = (int)response.StatusCode,
            AuditId = FailureReader.AuditIdOf(response),
        };

    public void Dispose() => _http.Dispose();

    private Task<GatewayReply> ChangePolicyAsync(HttpRequestMessage request, string? active, CancellationToken cancellationToken)
    {
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{active ?? "none"}\""));
        return ManageAsync(request, CliJson.Default.ActivationRecord, static record => new GatewayReply.PolicyChanged(record), cancellationToken);
    }

    private async Task<GatewayReply> ManageAsync<T>(
        HttpRequestMessage request, JsonTypeInfo<T> type, Func<T, GatewayReply> reply, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ManageTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var sent = request;
            using var response = await SendAsync(sent, stop.Token);
            _nonce = FailureReader.Header(response, "DPoP-Nonce");
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, type, reply, stop.Token)
                : new GatewayReply.Failed(await FailureReader.ReadAsync(response, _connection.Credential, stop.Token));
        }
        catch (HttpRequestException failure)
        {
            return new GatewayReply.Failed(Unreachable(failure));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new GatewayReply.Failed(TimedOut(ManageTimeout));
        }
    }

    private static async Task<GatewayReply> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, Func<T, GatewayReply> reply, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return JsonSerializer.Deserialize(await response.Content.ReadAsStreamAsync(cancellationToken), type) is { } answer
                ? reply(answer)
                : new GatewayReply.Failed(NotUnderstood(response));
        }
        catch (Exception unreadable) when (unreadable is JsonException or HttpRequestException or IOException)
        {
            return new GatewayReply.Failed(NotUnderstood(response));
        }
    }

    /// <summary>Sends with a proof by the pair; where the gateway refuses it and names a nonce, once more with that.</summary>
    private async Task<GatewayReply> ProvenAsync(string path, DpopKeyPair? pair, Func<string?, Task<GatewayReply>> send)
    {
        var uri = new Uri(_connection.Target.Address, path);
        var reply = await send(pair?.Prove(HttpMethod.Post, uri, null, _time));
        return pair is not null && _nonce is { } nonce && reply is GatewayReply.Failed { Error.Code: "invalid_dpop_proof" }
            ? await send(pair.Prove(HttpMethod.Post, uri, nonce, _time))
            : reply;
    }

    private static HttpMessageHandler Handler(Connection connection, TimeProvider time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy of the environment cannot reach this machine's loopback, and has no business with it.
            UseProxy = !connection.Target.Address.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        return connection is { Credential: { } credential, KeyPair: { } pair }
            ? new ProofgateHandler(
                new ProofgateClientOptions { Gateway = connection.Target.Address, Credential = credential.Secret.Reveal(), KeyPair = pair }, time)
            {
                InnerHandler = sockets,
            }
            : sockets;
    }

    private static string KeyPath(string kid, string act) => $"manage/keys/{Uri.EscapeDataString(kid)}/{act}";

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        new(HttpMethod.Post, path) { Content = Json(JsonSerializer.SerializeToUtf8Bytes(body, type)) };

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
