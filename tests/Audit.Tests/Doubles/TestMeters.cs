using System.Diagnostics.Metrics;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>Meters of one test, and what they measured.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly Dictionary<(string Instrument, string? Witness, string? Result), double> _counted = [];
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string? Witness)> _observed = [];

    internal TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Sums of a counter, or what a gauge shows now.</summary>
    internal IReadOnlyList<(double Value, string? Witness, string? Result)> Read(string instrument)
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return
        [
            .. _counted.Where(c => c.Key.Instrument == instrument).Select(static c => (c.Value, c.Key.Witness, c.Key.Result)),
            .. _observed.Where(o => o.Instrument == instrument).Select(static o => (o.Value, o.Witness, (string?)null)),
        ];
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(static m => m.Dispose());
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? witness = null, result = null;
        foreach (var (name, tag) in tags)
        {
            witness = name == "witness" ? (string?)tag : witness;
            result = name == "result" ? (string?)tag : result;
        }

        if (instrument.IsObservable)
            _observed.Add((instrument.Name, value, witness));
        else
            _counted[(instrument.Name, witness, result)] = _counted.GetValueOrDefault((instrument.Name, witness, result)) + value;
    }
}
