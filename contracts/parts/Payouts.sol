// SPDX-License-Identifier: MIT
// Payouts: the only mover of `paid` and `netted`, and the only part that touches a token. Money goes from the payer
// straight to the charity's payee; whether the charity has it is for the charity to sign.
pragma solidity ^0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDonationLedger} from "../IDonationLedger.sol";
import {Line, Payout, Rail} from "../libraries/LedgerTypes.sol";
import {Charities} from "./Charities.sol";
import {Lines} from "./Lines.sol";

abstract contract Payouts is Lines, Charities, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct UnitToken {
        IERC20 token;
        uint8 scaleDigits;
    }

    /// @dev Any amount below 2^63 times 10^58 still fits in 256 bits.
    uint8 private constant MAX_SCALE_DIGITS = 58;

    mapping(bytes32 unit => UnitToken) private _tokens;
    mapping(bytes32 charity => mapping(bytes32 unit => mapping(uint64 upTo => Payout))) private _payouts;

    /// @inheritdoc IDonationLedger
    function setToken(bytes32 unit, address token, uint8 exponent) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (address(_tokens[unit].token) != address(0)) revert TokenAlreadySet(unit);
        if (token.code.length == 0) revert InvalidToken(token);
        uint8 decimals = IERC20Metadata(token).decimals();
        if (decimals < exponent || decimals - exponent > MAX_SCALE_DIGITS) {
            revert DecimalsOutOfRange(decimals, exponent);
        }
        _tokens[unit] = UnitToken({token: IERC20(token), scaleDigits: decimals - exponent});
        emit TokenSet(unit, token, decimals - exponent);
    }

    /// @inheritdoc IDonationLedger
    function payToken(
        bytes32 charity,
        bytes32 unit,
        uint64 from,
        uint64 upTo,
        uint64 netTo
    ) external onlyRole(PAYER_ROLE) whenNotPaused nonReentrant {
        address payee = _payee(charity);
        Payout memory payout = _advance(charity, unit, from, upTo, netTo, Rail.Token);
        uint64 amount = _amount(payout, upTo);
        emit Paid(charity, unit, Rail.Token, from, upTo, payout.netFrom, netTo, amount, payee, 0);
        if (opened) _transfer(charity, unit, payee, amount);
    }

    /// @inheritdoc IDonationLedger
    function payBank(
        bytes32 charity,
        bytes32 unit,
        uint64 from,
        uint64 upTo,
        uint64 netTo,
        bytes32 bankReference
    ) external onlyRole(PAYER_ROLE) whenNotPaused {
        _signer(charity); // Reverts for a charity that could never acknowledge.
        if (bankReference == 0) revert ZeroReference();
        Payout memory payout = _advance(charity, unit, from, upTo, netTo, Rail.Bank);
        uint64 amount = _amount(payout, upTo);
        emit Paid(charity, unit, Rail.Bank, from, upTo, payout.netFrom, netTo, amount, address(0), bankReference);
    }

    /// @inheritdoc IDonationLedger
    function repay(
        bytes32 charity,
        bytes32 unit,
        uint64 upTo,
        bytes32 bankReference
    ) external onlyRole(PAYER_ROLE) whenNotPaused {
        if (bankReference == 0) revert ZeroReference();
        Payout storage payout = _payouts[charity][unit][upTo];
        if (payout.rail != Rail.Bank) revert NotByBank(upTo);
        emit Repaid(charity, unit, upTo, _amount(payout, upTo), bankReference);
    }

    /// @inheritdoc IDonationLedger
    function payoutEnd(bytes32 charity, bytes32 unit, uint64 upTo) external view returns (Payout memory) {
        return _payouts[charity][unit][upTo];
    }

    /// @inheritdoc IDonationLedger
    function tokenOf(bytes32 unit) external view returns (address token, uint8 scaleDigits) {
        return (address(_tokens[unit].token), _tokens[unit].scaleDigits);
    }

    /// @dev Where a payout ended on the reversal line; position 0, before the first payout, ends at 0.
    function _netToOf(bytes32 charity, bytes32 unit, uint64 upTo) internal view returns (uint64) {
        Payout storage payout = _payouts[charity][unit][upTo];
        if (upTo != 0 && payout.rail == Rail.None) revert NotPayoutEnd(upTo);
        return payout.netTo;
    }

    /// @dev Moves `paid` and `netted`, by the same rule on every rail.
    function _advance(
        bytes32 charity,
        bytes32 unit,
        uint64 from,
        uint64 upTo,
        uint64 netTo,
        Rail rail
    ) private returns (Payout memory payout) {
        _requireNotSucceeded();
        Line storage current = _line(charity, unit);
        _requireNoFault(current);
        _checkInterval(current.paid, from, upTo, current.given);
        uint64 netFrom = current.netted;
        if (netTo < netFrom || netTo > current.reversed) revert NetToOutOfRange(netFrom, netTo, current.reversed);
        if (netTo - netFrom > upTo - from) revert NettingExceedsGifts(upTo - from, netTo - netFrom);
        (current.paid, current.netted) = (upTo, netTo);
        payout = Payout({from: from, netFrom: netFrom, netTo: netTo, paidAt: uint48(block.timestamp), rail: rail});
        _payouts[charity][unit][upTo] = payout;
    }

    /// @dev A nought needs no token, payee or transfer: all its gifts were refunded.
    function _transfer(bytes32 charity, bytes32 unit, address payee, uint64 amount) private {
        if (amount == 0) return;
        if (payee == address(0)) revert NoPayee(charity);
        UnitToken memory paidIn = _tokens[unit];
        if (address(paidIn.token) == address(0)) revert TokenUnknown(unit);
        uint256 wanted = uint256(amount) * 10 ** paidIn.scaleDigits;
        uint256 balance = paidIn.token.balanceOf(payee);
        paidIn.token.safeTransferFrom(msg.sender, payee, wanted);
        uint256 credited = paidIn.token.balanceOf(payee) - balance;
        if (credited != wanted) revert PayeeNotCredited(wanted, credited);
    }

    function _amount(Payout memory payout, uint64 upTo) private pure returns (uint64) {
        return (upTo - payout.from) - (payout.netTo - payout.netFrom);
    }
}
