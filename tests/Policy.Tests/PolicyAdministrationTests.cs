using Proofgate.Policy.Signing;
using Proofgate.Tests.Support;

namespace Proofgate.Policy.Tests;

public sealed class PolicyAdministrationTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Bundles_FollowEachOther_AndGoBack_EachUnderANewNumber()
    {
        using var house = new PolicyHouse();
        var instance = house.NewInstance();
        var policies = house.NewAdministration(instance);
        var one = await ActivateAsync(house, policies, PolicyHouse.Permit, null);
        var two = await ActivateAsync(house, policies, PolicyHouse.Permit + " ", one.Digest);
        Assert.Equal((1, 2, one.Digest), (one.Sequence, two.Sequence, two.Previous));
        Assert.Equal(two.Digest, instance.State.Digest);

        var back = Assert.IsType<PolicyChange.Done>(await policies.RollBackAsync(null, null, two.Digest, Never)).Activation;
        Assert.Equal((3, one.Digest, two.Digest, true, "alice", "manage"), (back.Sequence, back.Digest, back.Previous, back.RollsBack, back.Author, back.By));
        Assert.Equal(one.Digest, instance.State.Digest);
        Assert.Equal(PolicyAct.RolledBack, house.Recorded[^1].Act);

        var forth = Assert.IsType<PolicyChange.Done>(await policies.RollBackAsync(two.Digest, null, one.Digest, Never)).Activation;
        Assert.Equal((4, two.Digest), (forth.Sequence, forth.Digest));
        Assert.Equal(((Activation?)forth, 5L), await policies.ReadAsync(Never));
    }

    [Fact]
    public async Task WhatNobodyMayActivate_ChangesNothing()
    {
        using var house = new PolicyHouse();
        var instance = house.NewInstance();
        var policies = house.NewAdministration(instance);
        var one = await ActivateAsync(house, policies, PolicyHouse.Permit, null);
        var next = await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit + " ", one.Digest);
        var stale = await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit + " ", null);
        var forged = await PolicyHouse.SignAsync(house.Mallory, PolicyHouse.Permit + " ", one.Digest);
        var broken = await PolicyHouse.SignAsync(house.Alice, "permit (", one.Digest);
        var empty = await PolicyHouse.SignAsync(house.Alice, "", one.Digest, files: new Dictionary<string, byte[]> { ["bundle.json"] = "{}"u8.ToArray() });

        Assert.Equal(one.Digest, Assert.IsType<PolicyChange.Stale>(await policies.ActivateAsync(next.Encode(), null, null, Never)).Active);
        Assert.IsType<PolicyChange.Stale>(await policies.ActivateAsync(next.Encode(), null, next.Digest, Never));
        Assert.IsType<PolicyChange.NotSigned>(await policies.ActivateAsync(stale.Encode(), null, one.Digest, Never));
        Assert.IsType<PolicyChange.NotSigned>(await policies.ActivateAsync(forged.Encode(), null, one.Digest, Never));
        Assert.Contains("p.cedar:1:", Assert.Single(Assert.IsType<PolicyChange.Rejected>(await policies.ActivateAsync(broken.Encode(), null, one.Digest, Never)).Problems), StringComparison.Ordinal);
        Assert.IsType<PolicyChange.Rejected>(await policies.ActivateAsync(empty.Encode(), null, one.Digest, Never));
        Assert.IsType<PolicyChange.Rejected>(await policies.ActivateAsync("x"u8.ToArray(), null, one.Digest, Never));
        Assert.IsType<PolicyChange.AlreadyActive>(await policies.ActivateAsync((await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit, one.Digest)).Encode(), null, one.Digest, Never));
        Assert.IsType<PolicyChange.AlreadyActive>(await policies.RollBackAsync(one.Digest, null, one.Digest, Never));
        Assert.IsType<PolicyChange.NothingToGoBackTo>(await policies.RollBackAsync(null, null, one.Digest, Never));
        Assert.IsType<PolicyChange.NothingToGoBackTo>(await policies.RollBackAsync(next.Digest, null, one.Digest, Never));
        Assert.IsType<PolicyChange.Stale>(await policies.RollBackAsync(null, null, next.Digest, Never));

        Assert.Equal((one.Digest, 1), (instance.State.Digest, (await house.Store.ReadNewestAsync(10, Never)).Count));
        Assert.Single(house.Store.Packs);
    }

    [Fact]
    public async Task QuickerActivation_Wins_AndTheOtherIsTold()
    {
        using var house = new PolicyHouse();
        var policies = house.NewAdministration(house.NewInstance());
        var one = await ActivateAsync(house, policies, PolicyHouse.Permit, null);
        house.Store.BeforeInsert = () => house.PutAsync(2, PolicyHouse.Permit + "  ", one.Digest).GetAwaiter().GetResult();
        Assert.IsType<PolicyChange.Overtaken>(
            await policies.ActivateAsync((await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit + " ", one.Digest)).Encode(), null, one.Digest, Never));
        Assert.Equal(3, (await policies.ReadAsync(Never)).Next);
    }

    [Fact]
    public async Task Approval_OfAnotherPerson_IsNeededAndChecked_WhereItIsRequired()
    {
        using var house = new PolicyHouse(static o => o.RequireApproval = true);
        var policies = house.NewAdministration(house.NewInstance());
        Assert.True(policies.NeedsSignature);
        var bundle = await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit, null);
        var other = new string('c', 64);
        await RefusedAsync(null);
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Alice, 1, bundle.Digest, null));
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Host, 1, bundle.Digest, null));
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Bob, 2, bundle.Digest, null));
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Bob, 1, other, null));
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Bob, 1, bundle.Digest, other));
        await RefusedAsync(await PolicyHouse.ApproveAsync(house.Bob, 1, bundle.Digest, null, ActivationStatement.RollBack));
        await RefusedAsync("x"u8.ToArray());

        var done = Assert.IsType<PolicyChange.Done>(
            await policies.ActivateAsync(bundle.Encode(), await PolicyHouse.ApproveAsync(house.Bob, 1, bundle.Digest, null), null, Never));
        Assert.Equal(("alice", "bob"), (done.Activation.Author, done.Activation.By));

        async Task RefusedAsync(byte[]? approval)
        {
            var change = await policies.ActivateAsync(bundle.Encode(), approval is null ? default(ReadOnlyMemory<byte>?) : approval, null, Never);
            Assert.IsType<PolicyChange.NotSigned>(change);
            Assert.Empty(await house.Store.ReadNewestAsync(1, Never));
        }
    }

    [Fact]
    public async Task HostWithoutAKey_TakesAnyTrustedPersonsSignature()
    {
        using var house = new PolicyHouse();
        var policies = house.NewAdministration(house.NewInstance(), hostSigns: false);
        var bundle = await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit, null);
        Assert.IsType<PolicyChange.NotSigned>(await policies.ActivateAsync(bundle.Encode(), null, null, Never));
        Assert.IsType<PolicyChange.Done>(await policies.ActivateAsync(bundle.Encode(), await PolicyHouse.ApproveAsync(house.Alice, 1, bundle.Digest, null), null, Never));
    }

    [Fact]
    public async Task Rollback_ToABundleWhoseAuthorIsNoLongerTrusted_IsRefused()
    {
        using var before = new PolicyHouse();
        var one = await ActivateAsync(before, before.NewAdministration(before.NewInstance()), PolicyHouse.Permit, null);
        var second = await PolicyHouse.SignAsync(before.Bob, PolicyHouse.Permit + " ", one.Digest);
        Assert.IsType<PolicyChange.Done>(await before.NewAdministration(before.NewInstance()).ActivateAsync(second.Encode(), null, one.Digest, Never));

        using var after = new PolicyHouse(o =>
        {
            o.TrustedKeys["alice"] = PolicySigningKey.Create("alice").PublicKey.Encoded;
            o.TrustedKeys["bob"] = before.Bob.PublicKey.Encoded;
            o.HostKeys["manage"] = before.Host.PublicKey.Encoded;
        });
        foreach (var record in await before.Store.ReadNewestAsync(10, Never))
        {
            after.Store.Put(record);
        }

        foreach (var (digest, pack) in before.Store.Packs)
        {
            after.Store.Packs[digest] = pack;
        }

        Assert.IsType<PolicyChange.NothingToGoBackTo>(await after.NewAdministration(after.NewInstance()).RollBackAsync(null, null, second.Digest, Never));
    }

    [Fact]
    public async Task Check_NamesEveryProblem_AndChangesNothing()
    {
        using var house = new PolicyHouse();
        var policies = house.NewAdministration(house.NewInstance());
        var broken = await PolicyHouse.SignAsync(house.Mallory, "permit (", null);
        var check = policies.Check(broken.Encode());
        Assert.Equal((broken.Digest, "alice", 2), (check.Digest, check.Author, check.Problems.Count));
        Assert.Single(policies.Check("x"u8.ToArray()).Problems);
        var sound = policies.Check((await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit, null)).Encode());
        Assert.Equal(("test", 0), (sound.Name, sound.Problems.Count));
        Assert.Empty(await house.Store.ReadNewestAsync(1, Never));
        Assert.Empty(house.Store.Packs);
    }

    private static async Task<Activation> ActivateAsync(PolicyHouse house, PolicyAdministration policies, string text, string? previous) =>
        Assert.IsType<PolicyChange.Done>(await policies.ActivateAsync((await PolicyHouse.SignAsync(house.Alice, text, previous)).Encode(), null, previous, Never)).Activation;
}
