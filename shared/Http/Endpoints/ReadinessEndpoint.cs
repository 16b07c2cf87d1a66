using System.Buffers;
using System.Text.Json;

namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /readyz</c>: 200 when every dependency is ready, else 503, with the state of each.</summary>
public sealed class ReadinessEndpoint(IEnumerable<IReadinessCheck> checks) : IEndpoint
{
    public Task HandleAsync(Exchange exchange)
    {
        var body = new ArrayBufferWriter<byte>(512);
        var ready = true;
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("checks"u8);
            foreach (var check in checks)
            {
                var state = check.Check();
                ready &= state.Ready;
                writer.WriteStartObject(check.Name);
                writer.WriteBoolean("ready"u8, state.Ready);
                if (state.Detail is not null)
                {
                    writer.WriteString("detail"u8, state.Detail);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteString("status"u8, ready ? "ready"u8 : "not_ready"u8);
            writer.WriteEndObject();
        }

        if (!ready)
        {
            exchange.Http.Response.Headers.RetryAfter = "2";
        }

        return JsonAnswer.WriteAsync(exchange.Http, ready ? 200 : 503, body.WrittenMemory);
    }
}
