// SPDX-License-Identifier: MIT
// Charities, their payees and signers, and how those change: announced, delayed, open to the signer's veto. Money and
// lines are not known here.
pragma solidity ^0.8.28;

import {IDonationLedger} from "../IDonationLedger.sol";
import {LedgerHashes} from "../libraries/LedgerHashes.sol";
import {Charity, PendingChange} from "../libraries/LedgerTypes.sol";
import {LedgerAccess} from "./LedgerAccess.sol";
import {LedgerDomain} from "./LedgerDomain.sol";

abstract contract Charities is LedgerAccess, LedgerDomain {
    /// @notice How long a change waits; long enough for a small office to read its mail and veto.
    uint48 public constant CHANGE_DELAY = 7 days;
    /// @notice How long a new signer waits to whom the old one has not consented: its key may be lost.
    uint48 public constant VETO_PERIOD = 30 days;

    mapping(bytes32 charity => Charity) private _charities;
    mapping(bytes32 charity => PendingChange) private _payeeChanges;
    mapping(bytes32 charity => PendingChange) private _signerChanges;

    /// @inheritdoc IDonationLedger
    function registerCharity(bytes32 charity, address payee, address signer) external onlyRole(REGISTRAR_ROLE) {
        if (_charities[charity].signer != address(0)) revert CharityAlreadyRegistered(charity);
        _checkPayee(payee);
        _checkSigner(signer);
        _charities[charity] = Charity({payee: payee, changes: 0, signer: signer});
        emit CharityRegistered(charity, payee, signer);
    }

    /// @inheritdoc IDonationLedger
    function changePayee(bytes32 charity, address payee) external onlyRole(REGISTRAR_ROLE) {
        _checkPayee(payee);
        uint48 change = ++_charity(charity).changes;
        if (!opened) return _setPayee(charity, change, payee);
        uint48 due = _now() + CHANGE_DELAY;
        _payeeChanges[charity] = PendingChange({to: payee, due: due, change: change});
        emit PayeeChangeAnnounced(charity, change, payee, due);
    }

    /// @inheritdoc IDonationLedger
    function changeSigner(bytes32 charity, address signer, bytes calldata consent) external onlyRole(REGISTRAR_ROLE) {
        _checkSigner(signer);
        uint48 change = ++_charity(charity).changes;
        if (!opened) return _setSigner(charity, change, signer);
        bool consented = consent.length != 0;
        if (consented) _requireSigned(_signer(charity), LedgerHashes.signerChange(charity, signer, change), consent);
        uint48 due = _now() + (consented ? CHANGE_DELAY : VETO_PERIOD);
        _signerChanges[charity] = PendingChange({to: signer, due: due, change: change});
        emit SignerChangeAnnounced(charity, change, signer, due, consented);
    }

    /// @inheritdoc IDonationLedger
    function veto(bytes32 charity, uint48 change, bytes calldata signature) external {
        address signer = _signer(charity);
        if (signature.length != 0) _requireSigned(signer, LedgerHashes.veto(charity, change), signature);
        else if (msg.sender != signer) revert OnlySigner(signer);
        _takePending(charity, change);
        emit ChangeVetoed(charity, change);
    }

    /// @inheritdoc IDonationLedger
    function applyChange(bytes32 charity, uint48 change) external {
        (PendingChange memory pending, bool ofPayee) = _takePending(charity, change);
        if (_now() < pending.due) revert ChangeNotDue(pending.due);
        if (ofPayee) _setPayee(charity, change, pending.to);
        else _setSigner(charity, change, pending.to);
    }

    /// @inheritdoc IDonationLedger
    function charityOf(bytes32 charity) external view returns (address payee, address signer, uint48 changes) {
        Charity storage registered = _charities[charity];
        return (registered.payee, registered.signer, registered.changes);
    }

    /// @inheritdoc IDonationLedger
    function pendingChanges(
        bytes32 charity
    ) external view returns (PendingChange memory payee, PendingChange memory signer) {
        return (_payeeChanges[charity], _signerChanges[charity]);
    }

    function _payee(bytes32 charity) internal view returns (address) {
        return _charity(charity).payee;
    }

    function _signer(bytes32 charity) internal view returns (address) {
        return _charity(charity).signer;
    }

    /// @dev Removes the pending change of that number, whichever it is of: both kinds are numbered by one counter.
    function _takePending(bytes32 charity, uint48 change) private returns (PendingChange memory pending, bool ofPayee) {
        ofPayee = _payeeChanges[charity].change == change;
        mapping(bytes32 charity => PendingChange) storage changes = ofPayee ? _payeeChanges : _signerChanges;
        pending = changes[charity];
        if (change == 0 || pending.change != change) revert NoSuchChange(charity, change);
        delete changes[charity];
    }

    function _setPayee(bytes32 charity, uint48 change, address payee) private {
        _charities[charity].payee = payee;
        emit PayeeChanged(charity, change, payee);
    }

    function _setSigner(bytes32 charity, uint48 change, address signer) private {
        _charities[charity].signer = signer;
        emit SignerChanged(charity, change, signer);
    }

    function _charity(bytes32 charity) private view returns (Charity storage registered) {
        registered = _charities[charity];
        if (registered.signer == address(0)) revert CharityUnknown(charity);
    }

    /// @dev This contract must never hold money.
    function _checkPayee(address payee) private view {
        if (payee == address(this)) revert InvalidPayee(payee);
    }

    /// @dev A zero signer would read as not registered.
    function _checkSigner(address signer) private pure {
        if (signer == address(0)) revert InvalidSigner(signer);
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
