using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Recording;
using Proofgate.Policy;

namespace Proofgate.Tests.Support;

/// <summary>The real pipeline on an audit stream and a revocation signal that the test holds.</summary>
internal sealed class House : IDisposable
{
    internal House(AdmissionOptions? limits = null)
    {
        Admission = new Admission(Options.Create(limits ?? new AdmissionOptions()), Time);
        var recorder = new CallRecorder(
            Stream, Stream, new ContentDigester(AuditKeys.FromMaster(new byte[32])), Time, NullLogger<CallRecorder>.Instance);
        Pipeline = new Pipeline(
            Admission, new Authorizer(Time), recorder, Revocation, new OutcomeRecorder(Stream, Time, NullLogger<OutcomeRecorder>.Instance), Time);
    }

    internal FakeTimeProvider Time { get; } = new(Callers.Now);

    internal RecordingStream Stream { get; } = new();

    internal ManualRevocation Revocation { get; } = new();

    internal Admission Admission { get; }

    internal Pipeline Pipeline { get; }

    internal async Task<AdmittedCall<TCall>> AdmitAsync<TCall>(TCall call)
        where TCall : Call => Assert.IsType<Ruling<TCall>.Admitted>(await Pipeline.AdmitAsync(call, CancellationToken.None)).Call;

    internal async Task<Refusal> RefuseAsync<TCall>(TCall call)
        where TCall : Call => Assert.IsType<Ruling<TCall>.Refused>(await Pipeline.AdmitAsync(call, CancellationToken.None)).Refusal;

    public void Dispose()
    {
        Admission.Dispose();
        Revocation.Dispose();
    }
}
